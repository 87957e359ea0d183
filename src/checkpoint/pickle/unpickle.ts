/**
 * @file Reads Python's pickle, protocols 0 to 5, without Python. Opcodes move values on a stack. Where Python would import and
 * call a name, a closed table builds a value or an inert record.
 */

import { badFile } from "../source.js";
import { NeedMore, type ByteWindow } from "./byte-window.js";
import { Machine, type Allowance, type Builders } from "./machine.js";
import { HANDLERS } from "./opcodes.js";
import { Malformed, type PyGlobal, type PyValue } from "./values.js";
import { say } from "../../language/say.js";

const STOP = 0x2e;

/**
 * Reads one pickle from the window's offset on, and leaves the window at its end.
 * @throws GradlensError "bad-file" with the offset of the fault
 */
export async function unpickle(
  window: ByteWindow,
  builders: Builders,
  allowance: Allowance,
  globals: Map<string, PyGlobal>,
): Promise<PyValue> {
  const machine = new Machine(window, builders, allowance, globals);
  let start = window.offset;
  for (;;) {
    try {
      for (;;) {
        start = window.offset;
        const opcode = window.u8();
        if (opcode === STOP) return machine.pop();
        allowance.opcode();
        const handler = HANDLERS[opcode];
        if (handler === undefined) throw new Malformed(say`an unknown opcode (${opcode})`);
        handler(machine);
      }
    } catch (error) {
      if (error instanceof Malformed) {
        throw badFile(
          window.source.name,
          say`at byte ${start} its pickle has ${error.message}: the file is damaged or not a checkpoint`,
        );
      }
      if (!(error instanceof NeedMore)) throw error;
      const needed = window.offset - start + error.count;
      window.offset = start;
      await window.fetch(needed);
    }
  }
}

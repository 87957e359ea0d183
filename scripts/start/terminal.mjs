/** Loaded before a program that run.mjs starts from a terminal: its stderr is a pipe whose other end is that terminal. */
import { WriteStream } from "node:tty";

const { hasColors, getColorDepth } = WriteStream.prototype;
const columns = Number(process.env.GRADLENS_STDERR_COLUMNS) || 80;
Object.assign(process.stderr, { isTTY: true, columns, hasColors, getColorDepth });

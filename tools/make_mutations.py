"""Makes checkpoints of networks with one thing changed, and what PyTorch and pytorch-grad-cam give for them:
`python make_mutations.py OUT [--cases N] [--seed S] [--only PATTERN] [--case NUMBER] [--stream]`.

Needs torch, torchvision, timm, transformers, grad-cam and safetensors (tools/requirements.txt). tools/mutations.ts runs it and
compares; by itself it leaves the files and their descriptions (OUT/cases.jsonl) to be looked at. --only is a pattern of
`family/change/spelling`. With --stream a line on standard input says that a case is done with, and few files lie at a time.
"""
import argparse
import json
import random
import re
import sys
import traceback
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
sys.path.insert(0, str(Path(__file__).parent))
from mutations import families  # first: it makes torchvision importable

import torch
from mutations.containers import SUFFIX, save
from mutations.reference import picture, reference
from mutations.subject import STATE, DoesNotApply, Subject, put, seed_weights
from mutations.table import CHANGES

AHEAD = 3
TRIES = 12
ROUNDS = 100
CLASSES = (2, 3, 5, 7, 14)
# Of VGG's pairs, whose files are large, this share is tried.
VGG_SHARE = 0.3


PAIRS = [(family, change) for change in CHANGES for family in families.NAMES]


def pair(number, seed):
    rounds, at = divmod(number, len(PAIRS))
    return random.Random(f"{seed}/{rounds}").sample(PAIRS, len(PAIRS))[at]


def draw(number, seed, wanted):
    """
    The subject of one case, changed, and its change; or None where the change does not apply to the family, or `wanted` does
    not want it. A round of cases has every pair of a family and a change once.
    """
    name, change = pair(number, seed)
    rng = random.Random(f"{seed}/{number}")
    candidates = [f for f in families.FAMILIES if f.name == name]
    if not any(wanted(f, change) for f in candidates) or name == "vgg" and rng.random() > VGG_SHARE:
        return None
    for _ in range(TRIES):
        family = rng.choices(candidates, [f.weight for f in candidates])[0]
        s = Subject(family, rng, rng.choice(CLASSES))
        torch.manual_seed(rng.randrange(2**31))
        try:
            CHANGES[change](s)
        except DoesNotApply:
            continue
        if family.state_only:
            s.containers = [c for c in s.containers if c in STATE]
        if not s.containers:
            continue
        return (s, change) if wanted(family, change) else None
    return None


def halved(state):
    """Two names of one tensor stay two names of one."""
    made = {}
    return {k: made.setdefault((v.data_ptr(), v.shape), v.half()) if v.is_floating_point() else v for k, v in state.items()}


def finish(s, seed):
    """Weights, and what follows from them. Large networks are kept as half."""
    seed_weights(s.root, seed)
    torch.manual_seed(seed)
    for last in s.later:
        last()
    if s.family.large:
        for t in [*s.root.parameters(), *s.root.buffers()]:
            if t.is_floating_point():
                t.data = t.data.half().float()
        s.keys.append(halved)
    s.root.eval()


def write(s, change, number, seed, out):
    case_seed = random.Random(f"{seed}/{number}/weights").randrange(2**31)
    finish(s, case_seed)
    x = picture(s.channels, s.size, case_seed)
    small = [c for c in s.containers if c in STATE]
    # A file of modules is not kept as half.
    container = s.pick(small if small and s.family.large else s.containers)
    stem = f"{number:05d}"
    path = out / f"{stem}.{SUFFIX[container]}"
    container = save(s, container, path, x)
    if s.ending:
        put(s.net, s.ending, torch.nn.Identity())
    logits, map_, target = reference(s.inner or s.root, s.net, s.layer, x)
    x[0].permute(1, 2, 0).numpy().astype("<f4").tofile(out / f"{stem}.input")
    map_.astype("<f4").tofile(out / f"{stem}.map")
    args = {"size": list(s.size), **s.args}
    if args["size"] is None:
        del args["size"]
    return dict(case=number, seed=seed, family=s.family.name, arch=s.family.arch, spelling=s.family.spelling, change=change, said=s.said, container=container, file=path.name,
                args=args, size=list(s.size), expect=s.expect, settings=s.settings, logits=[float(v) for v in logits], target=int(target), flat=bool(map_.max() <= 0.5))


def describe(number, options, wanted):
    """The case's line, or None where it is none. What PyTorch cannot run is a mistake here: it is said, for who reads to count."""
    seed, family, change = options.seed, *pair(number, options.seed)
    try:
        drawn = draw(number, seed, wanted)
        return drawn and write(*drawn, number, seed, options.out)
    except Exception:
        return dict(case=number, seed=seed, family=family, change=change, error=traceback.format_exc(limit=-4))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--case", type=int)
    parser.add_argument("--stream", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    wanted = lambda family, change: re.search(options.only, f"{family.name}/{change}/{family.spelling}")
    if not any(wanted(family, change) for family in families.FAMILIES for change in CHANGES):
        sys.exit(f"make_mutations: no family/change/spelling fits {options.only}; families {', '.join(families.NAMES)}; changes {', '.join(CHANGES)}")
    lines = sys.stdout if options.stream else open(options.out / "cases.jsonl", "w")
    one = options.case is not None
    made = 0
    for number in [options.case] if one else range(ROUNDS * len(PAIRS)):
        line = describe(number, options, (lambda family, change: True) if one else wanted)
        if line is None:
            continue
        print(json.dumps(line), file=lines, flush=True)
        made += 1
        if made == options.cases:
            break
        if options.stream and made >= AHEAD:
            sys.stdin.readline()


main()

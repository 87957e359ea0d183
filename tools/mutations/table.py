"""Every change by name."""
from . import extra, heads, inputs, names, settings

CHANGES = {**names.CHANGES, **heads.CHANGES, **extra.CHANGES, **settings.CHANGES, **inputs.CHANGES}
assert len(CHANGES) == sum(len(m.CHANGES) for m in (names, heads, extra, settings, inputs)), "two changes have one name"

"""A network under test: what is built, changed, seeded and saved. Every change gets one and alters it."""
import torch
from torch import nn

STATE = ("pth", "legacy", "safetensors")
MODULES = ("whole", "script", "trace")
MUST, EITHER, REFUSE, EMBEDDING = "must", "either", "refuse", "embedding"


class DoesNotApply(Exception):
    """The change means nothing to this network; another spelling of the family is drawn."""


class Subject:
    """`net` is the family's own network, whose default layer is explained; `root` what is saved and run: `net`, or what wraps it."""

    def __init__(self, family, rng, classes):
        self.family, self.rng = family, rng
        self.size, self.classes, self.channels = family.size, classes, 3
        self._net = self._root = None
        self.inner = None
        """What gives the logits where `root` normalises its picture first: what is compared is fed behind that."""
        self.ending = ""
        """Path, in `net`, of a sigmoid or softmax behind the logits, which are the target."""
        self.layer = family.layer
        """Path of the explained layer."""
        self.expect, self.containers = EITHER, STATE
        self.args = dict(family.args)
        """Options that a user gives, by their names in the library."""
        self.keys = []
        """Functions from state dict to state dict, in order, after the family's own names."""
        self.payload = lambda state: state
        """What is saved around a state dict."""
        self.later = []
        """What is done once the weights are made."""
        self.settings = {}
        """What the file says about pictures, which the model's preprocessing must be: mean, std."""
        self.said = ""
        """What was drawn, in words."""

    @property
    def net(self):
        # Made when a change first looks at it: most that do not apply say so before.
        if self._net is None:
            self._net = self.family.make(self.classes, self.channels, self.size)
        return self._net

    @net.setter
    def net(self, module):
        self._net = module

    @property
    def root(self):
        return self.net if self._root is None else self._root

    @root.setter
    def root(self, module):
        self._root = module

    def pick(self, choices):
        return self.rng.choice(list(choices))

    def say(self, words):
        self.said = f"{self.said}; {words}" if self.said else str(words)

    def wrap(self, root):
        self.root = root
        return root


def put(root, path, module):
    """Sets the module at a dotted path."""
    parent, _, name = path.rpartition(".")
    setattr(root.get_submodule(parent), name, module)


def paths(root, kinds, where=lambda path, module: True):
    return [p for p, m in root.named_modules() if p and isinstance(m, kinds) and where(p, m)]


def pick_path(s, kinds, where=lambda path, module: True):
    found = paths(s.net, kinds, where)
    if not found:
        raise DoesNotApply
    return s.pick(found)


def is_called(s, path):
    """torchvision's Swin passes the weights of its attention's Linears to a function."""
    return not (s.family.name in ("swin", "swin_v2") and s.family.spelling == "torchvision" and ".attn." in path)


def insert_after(sequential, name, new_name, module):
    """Puts a module into a Sequential whose children keep their names; numbered ones behind it are counted anew."""
    children = list(sequential.named_children())
    at = [n for n, _ in children].index(name) + 1
    if new_name.isdigit() or all(n.isdigit() for n, _ in children):
        modules = [m for _, m in children]
        modules.insert(at, module)
        named = [(str(i), m) for i, m in enumerate(modules)]
    else:
        named = children[:at] + [(new_name, module)] + children[at:]
    for n, _ in children:
        delattr(sequential, n)
    for n, m in named:
        sequential.add_module(n, m)


def seed_weights(model, seed):
    """Weights with spread, so that maps are not flat and every parameter matters."""
    g = torch.Generator().manual_seed(seed)

    def normal(t, spread):
        t.normal_(0, spread, generator=g)

    with torch.no_grad():
        for m in model.modules():
            if isinstance(m, nn.modules.batchnorm._BatchNorm):
                if m.weight is not None:
                    m.weight.uniform_(0.6, 1.4, generator=g)
                    normal(m.bias, 0.2)
                if m.running_mean is not None:
                    normal(m.running_mean, 0.2)
                    m.running_var.uniform_(0.5, 1.5, generator=g)
            elif isinstance(m, (nn.LayerNorm, nn.GroupNorm)):
                if m.weight is not None:
                    m.weight.uniform_(0.6, 1.4, generator=g)
                if m.bias is not None:
                    normal(m.bias, 0.2)
            elif isinstance(m, (nn.Conv2d, nn.Linear)):
                normal(m.weight, (1.6 / m.weight[0].numel()) ** 0.5)
                if m.bias is not None:
                    normal(m.bias, 0.1)
        for name, p in model.named_parameters():
            tables = ("pos_embed", "cls_token", "dist_token", "reg_token", "relative_position_bias_table", "class_token", "pos_embedding", "class_embedding", "positional_embedding", "latent", "probe")
            if name.split(".")[-1] in tables or "embeddings" in name and p.dim() == 3:
                normal(p, 0.3)
    return model.eval()

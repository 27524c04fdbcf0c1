"""What an answer may not use, and that no right answer of ours does."""

import ast
import inspect
from collections.abc import Iterator

import pytest

from autograder import reference
from autograder.exercise import Exercise
from autograder.hidden_tests import CATALOGUE
from autograder.slicing import needed
from gptcourse.reach import reaches


def refused(source: str) -> list[str]:
    return reaches([ast.parse(source)])


OPEN = (
    # An import that is not used is nobody's business.
    "import gc, sys, os, scipy, torch\ndef f(x): return torch.exp(x)",
    "import sys\nbest = -sys.maxsize",
    "import os\nrank = int(os.environ['RANK'])",
    "from os import environ\nrank = environ['RANK']",
    "import inspect\nfused = 'fused' in inspect.signature(f).parameters",
    "import gc\ngc.collect()",
    "import torch.nn.functional as F\ny = F.softmax(x, dim=-1)",
    "from torch.utils.data import DataLoader\nd = DataLoader(x)",
    "import collections.abc\nx: collections.abc.Callable",
    "import matplotlib.pyplot as plt\nplt.plot([1])",
    "from gptcourse import check\nfrom gptcourse.datasets import names\ncheck(names)",
    "import torch\ntorch.backends.cudnn.benchmark = True\ntorch.backends.cudnn.allow_tf32 = True",
    "import torch\ntorch._dynamo.config.suppress_errors = True\ny = torch.exp(x)",
    "import torch.backends.cudnn as cudnn\ncudnn.benchmark",
    "from torch.distributions import Categorical\nCategorical(probs=p).sample()",
    "import numpy as np\nrng = np.random.default_rng(0)\nnp.testing.assert_allclose(x, y)",
    "import torch\n@torch.jit.script\ndef f(x): return torch.func.vmap(torch.exp)(x)",
    "from tqdm.auto import tqdm\nfor i in tqdm(range(3)): pass",
    "import logging\nlog = logging.getLogger(__name__)",
    "import warnings\nwith warnings.catch_warnings(): warnings.simplefilter('ignore')",
    "import sys\nprint('x', file=sys.stderr)",
    "import torch\ntorch.load(f, weights_only=True)",
    "from einops import rearrange\nrearrange(x, 'b t c -> t b c')",
    "from operator import itemgetter\nsorted(x, key=itemgetter(1))",
    "from types import SimpleNamespace as S\nS(x=1)",
    "class A(B):\n    def _mix(self): return self._mix() + self._w\n    def g(self): self._w = 1",
    "class A(B):\n    def __init__(self):\n        super().__init__(); self.__dict__.update(c)",
    "layer = getattr(self, f'head_{i}')",
    "layer = getattr(model, 'blocks')",
    "'{:.3f} of {x.shape}'.format(loss, x=x)",
    "point._replace(x=1)._asdict()",
    "match x:\n    case Tensor(shape=s): pass",
    "@torch.no_grad()\ndef f(x): return x.__class__.__name__",
    "self.head = setattr(self, f'head_{i}', layer)",
    "import string\nvocabulary = list(string.ascii_letters)\ndef f(string): return string.lower()",
    "x.code, x.token, x.select, x.trace, x.types, x.data, x.T",
)

CLOSED = {
    "import gc as g\ng.get_objects()": "gc.get_objects",
    "import sys\ny = sys": "sys",
    "import sys\nsys._getframe()": "sys._getframe",
    "from scipy.special import softmax as s\ns(x)": "scipy.special.softmax",
    "from scipy.special import *": "scipy.special",
    "import torch.multiprocessing as mp\nmp.spawn(f)": "torch.multiprocessing",
    "from torch import multiprocessing as mp\nmp.spawn(f)": "torch.multiprocessing",
    "import torch\ntorch._C._nn": "torch._C._nn",
    "import torch\nt = torch\nt._refs.softmax": "_refs",
    "import torch\ntorch._dynamo.config.x = torch._C": "torch._C",
    "import torch\ntorch._dynamo.x = 1": "torch._dynamo",
    "import torch\ntorch.functional.sys": "torch.functional.sys",
    "import torch\ntorch.library.custom_op('a::b', f)": "torch.library",
    "import numpy as np\nnp.testing.runstring('x', {})": "numpy.testing.runstring",
    "import random\nrandom._os.getpid()": "random._os",
    "import threading\nthreading.Thread(target=f)": "threading.Thread",
    "import os\nos.write(4, b'')": "os.write",
    "import os\nos.fork()": "os.fork",
    "import operator\noperator.attrgetter(name)(x)": "operator.attrgetter",
    "import string\nstring.Formatter().get_field(name, (x,), {})": "string.Formatter",
    "import typing\ntyping.get_type_hints(A)": "typing.get_type_hints",
    "import timeit\ntimeit.timeit('x')": "timeit.timeit",
    "import tiktoken\nids = tiktoken.get_encoding('gpt2').encode(text)": "tiktoken.get_encoding",
    "from gptcourse import runner\nrunner.call = f": "gptcourse.runner",
    "from gptcourse.key import load_public\nload_public('softmax')": "gptcourse.key.load_public",
    "import torch\ntorch.equal = f": "a change of `torch.equal",
    "import torch\nT = t = torch.Tensor\nU = T\nU.clone = f": "a change of `torch.Tensor.clone",
    "import torch\nsetattr(torch.Tensor, 'clone', f)": "a change of `torch.Tensor",
    "type(x).clone = f": "a change of `type(x).clone",
    "x.__class__.clone = f": "a change of `x.__class__.clone",
    "setattr(type(x), 'clone', f)": "a change of `type(x)",
    "from torch import Tensor\ndel Tensor.clone": "a change of `torch.Tensor.clone",
    "import torch\ntorch.load(f, weights_only=False)": "weights_only",
    "import torch\ntorch.load(f, **{'weights_only': False})": "weights_only",
    "import os\nos.environ['TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD'] = '1'": "WEIGHTS_ONLY_LOAD",
    "x.__class__.__base__.__subclasses__()": "__subclasses__",
    "f.__globals__": "__globals__",
    "print.__self__": "__self__",
    "e.__traceback__.tb_frame": "tb_frame",
    "(i for i in x).gi_frame": "gi_frame",
    "match x:\n    case object(f_back=y): pass": "f_back",
    "class A:\n    def f(self): return self._C\n    _C = 1": "_C",
    "class A:\n    def __torch_function__(self): pass": "__torch_function__",
    "getattr(x, 'f_' + 'back')": "getattr` with a computed name",
    "getattr(x, f's{i}')": "getattr` with a computed name",
    "getattr(*x)": "getattr` with a computed name",
    "list(map(getattr, x, y))": "getattr",
    "eval('1')": "eval",
    "vars(x)": "vars",
    "x.__dict__['a']": "__dict__",
    "self.__dict__.update": "__dict__",
    "'{0.gi_frame}'.format(x)": "gi_frame",
    "'{:{0.gi_frame}}'.format(x)": "gi_frame",
    "text.format(x)": "format` of a computed text",
}


@pytest.mark.parametrize("source", OPEN)
def test_ordinary_code_is_open(source: str) -> None:
    assert refused(source) == []


@pytest.mark.parametrize("source", CLOSED)
def test_what_leads_out_is_named(source: str) -> None:
    assert any(CLOSED[source] in means for means in refused(source)), refused(source)


def ours(exercise: Exercise) -> Iterator[tuple[str, ast.Module]]:
    """Yield the reference, its edited mistakes, and what is written as a function of its own."""
    yield "reference", ast.parse(reference.source(exercise))
    functions = [v.function for v in exercise.variants]
    functions += [m.function for m in exercise.misconceptions if m.function]
    for function in functions:
        module = inspect.getmodule(function)
        if module is None:
            continue
        body = ast.parse(inspect.getsource(module)).body
        pieces = [body[i] for i in needed(body, [function.__name__]) if not _is_ours(body[i])]
        yield function.__name__, ast.Module(pieces, [])


def _is_ours(statement: ast.stmt) -> bool:
    """Helpers and earlier exercises are imported; a notebook would hold them."""
    module = str(statement.module) if isinstance(statement, ast.ImportFrom) else ""
    return module.split(".")[0] in ("autograder", "gpt2")


@pytest.mark.parametrize("exercise", CATALOGUE, ids=lambda exercise: exercise.id)
def test_no_answer_of_ours_is_refused(exercise: Exercise) -> None:
    answers = dict(ours(exercise))
    assert len(answers) > 3
    assert {
        name: found
        for name, tree in answers.items()
        if (found := reaches([tree], exercise.chapter))
    } == {}

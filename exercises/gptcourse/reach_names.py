"""What an answer may use: the modules, and the names that lead out of them."""

__all__ = ["ATTRIBUTES", "BUILTINS", "DEFINITIONS", "DUNDERS", "MODULES", "PRIVATE"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Module -> what may be used of it; None: all that the rules below leave.
MODULES: dict[str, frozenset[str] | None] = {
    # Python
    **dict.fromkeys(
        _names("""
        __future__ abc array bisect cmath collections collections.abc contextlib copy csv
        dataclasses datetime decimal enum fractions functools glob hashlib heapq io itertools json
        keyword locale logging math numbers operator pathlib pprint random re shutil statistics
        string struct tempfile textwrap time types typing typing_extensions unicodedata urllib
        uuid warnings zlib
        """)
    ),
    "gc": _names("collect"),
    "inspect": _names("signature"),
    "os": _names(
        "close cpu_count environ fspath fsync getcwd getenv listdir makedirs name path remove "
        "rename replace sep unlink urandom"
    ),
    "sys": _names(
        "byteorder float_info getrecursionlimit getsizeof intern maxsize maxunicode platform "
        "setrecursionlimit stderr stdout version version_info"
    ),
    # the course's, and what is made for such work
    "gptcourse": _names("check datasets hint prepare_submission progress widgets"),
    **dict.fromkeys(_names("einops matplotlib numpy regex safetensors torch tqdm")),
}

# Attributes that lead from an allowed module to one that is not, or to Python's own insides. No
# tensor, module of torch.nn or honest class has them.
ATTRIBUTES = _names("""
    sys gc inspect ctypes importlib builtins threading subprocess socket multiprocessing concurrent
    asyncio socketserver pickle marshal mmap runpy traceback atexit faulthandler linecache codeop
    pkgutil pdb os FunctionType CodeType ModuleType
    library overrides fx hub futures CompilationUnit custom_op cpp_extension PackageImporter
    timeit rpc f2py ctypeslib distutils serialization
    runstring rundocs get_type_hints attrgetter methodcaller getattr_static resolve_name locate
    get_field vformat Formatter QueueListener QueueHandler dictConfig fileConfig Thread Timer
    ThreadPool ThreadPoolExecutor ProcessPoolExecutor Popen start_new_thread
    f_back f_locals f_globals f_builtins f_code f_lineno f_trace
    tb_frame tb_next gi_frame gi_code gi_yieldfrom cr_frame cr_code ag_frame ag_code
    co_code co_consts co_names currentframe getouterframes walk_stack extract_stack exc_info
    settrace setprofile excepthook displayhook addaudithook get_objects get_referrers get_referents
    TorchDispatchMode TorchFunctionMode load_public answer_keys run_case run_group
""")

# Attributes that begin with one underscore belong to whoever wrote the class. These are known.
PRIVATE = _names("_asdict _fields _make _replace _parameters _modules _buffers _version")

# Attributes with two underscores that ordinary code has.
DUNDERS = _names("""
    __init__ __new__ __name__ __qualname__ __class__ __doc__ __version__ __len__ __getitem__
    __setitem__ __delitem__ __contains__ __iter__ __next__ __call__ __enter__ __exit__ __repr__
    __str__ __hash__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __radd__ __iadd__ __sub__
    __rsub__ __mul__ __rmul__ __matmul__ __truediv__ __floordiv__ __mod__ __pow__ __neg__ __abs__
    __bool__ __int__ __float__ __index__ __and__ __or__ __xor__ __invert__ __post_init__
    __setattr__ __dataclass_fields__ __file__
""")

# Methods by which a class takes part in what torch and Python do behind the code.
DEFINITIONS = _names("""
    __torch_function__ __torch_dispatch__ __array_function__ __array_ufunc__ __reduce__
    __reduce_ex__ __match_args__ __builtins__ __instancecheck__ __subclasscheck__
""")

BUILTINS = _names("""
    eval exec compile globals locals vars breakpoint
    __import__ __builtins__ __loader__ __spec__ __build_class__
""")

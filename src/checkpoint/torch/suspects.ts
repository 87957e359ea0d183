/** @file Names that weights never need and pickle exploits use. They are never looked up, only reported. */

/** Whole modules, and single functions. */
const SUSPECTS: ReadonlySet<string> = new Set(
  `os posix nt posixpath ntpath sys subprocess _posixsubprocess commands popen2 shutil socket ssl runpy importlib imp
  _imp zipimport pkgutil pty platform webbrowser ctypes _ctypes cffi code codeop pdb bdb timeit trace cProfile profile
  pydoc doctest pip ensurepip venv distutils setuptools idlelib lib2to3 pickle _pickle pickletools marshal shelve dill
  cloudpickle joblib multiprocessing asyncio threading _thread signal concurrent requests urllib urllib2 httplib http
  aiohttp ftplib smtplib telnetlib poplib imaplib tempfile tarfile zipfile io _io operator _operator types inspect gc
  atexit linecache logging.config uuid._get_command_stdout bdb.Bdb functools.reduce
  builtins.eval builtins.exec builtins.execfile builtins.compile builtins.open builtins.file builtins.input
  builtins.getattr builtins.setattr builtins.delattr builtins.__import__ builtins.globals builtins.locals builtins.vars
  builtins.breakpoint builtins.apply builtins.map builtins.filter builtins.print builtins.exit builtins.quit
  numpy.load numpy.fromfile numpy.loadtxt numpy.f2py numpy.distutils numpy.testing numpy.core.memmap
  torch.load torch.save torch.hub torch.serialization.load torch.jit.load torch.package torch.distributed.rpc
  torch.utils.cpp_extension torch.utils.collect_env torch.utils.bottleneck torch.utils.data.datapipes.utils.decoder
  torch._inductor torch._dynamo torch.ops torch.classes torch.jit.unsupported_tensor_ops torch.fx torch.utils._config_module`.split(
    /\s+/,
  ),
);

/** Exceptions in those modules, which are read as plain data. */
const DATA: ReadonlySet<string> = new Set(["joblib.numpy_pickle.NumpyArrayWrapper"]);

/** True for such a name, or one inside such a module, such as "posix.system". */
export function isSuspect(name: string): boolean {
  const parts = name.split(".", 5);
  return !DATA.has(name) && parts.some((_, i) => SUSPECTS.has(parts.slice(0, i + 1).join(".")));
}

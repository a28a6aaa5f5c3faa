package import Bytes

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What another command prints, read as it comes.
///
/// The command ends with this value: one that was not finished is killed.
package struct CommandOutput: ~Copyable {
  /// How long a silent command is waited for before we look whether we are asked to end.
  private static let waitMilliseconds: Int32 = 100

  private let id: pid_t
  private let output: Int32
  private let path: String
  private var isOver = false

  /// Starts `words[0]` of the search path with the other words, with nothing to read; `path` is for errors.
  package init(_ words: [String], path: String) throws(FileError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw FileError(.open, path, code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { _ = close(ends[1]) }
    var id: pid_t = 0
    let code = Self.spawn(&id, words, output: ends[1])
    guard code == 0 else {
      _ = close(ends[0])
      throw FileError(.open, path, code: code)
    }
    self.id = id
    output = ends[0]
    self.path = path
  }

  /// Starts a command; an error number, or 0.
  private static func spawn(_ id: inout pid_t, _ words: [String], output: Int32) -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
      let environ = _NSGetEnviron().pointee
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // What we ignore it would ignore too, and go on writing when nobody reads any more.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGXFSZ] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    return posix_spawnp(&id, words[0], &actions, &attributes, arguments, environ)
  }

  /// Appends what is there, up to `count` bytes, to `buffer`; nothing at the end, or when a signal asks us to end.
  package func read(_ count: Int, into buffer: inout ByteWriter) throws(FileError) {
    try buffer.append(upTo: count) { (target) throws(FileError) -> Int in
      while true {
        var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        let ready = poll(&wanted, 1, Self.waitMilliseconds)
        if ready < 0, errno != EINTR { throw FileError(.read, path, code: errno) }
        if Signals.ending != nil { return 0 }
        if ready <= 0 { continue }
        #if canImport(Darwin)
          let got = Darwin.read(output, target.baseAddress, target.count)
        #else
          let got = Glibc.read(output, target.baseAddress, target.count)
        #endif
        if got >= 0 { return got }
        if errno != EINTR { throw FileError(.read, path, code: errno) }
      }
    }
  }

  /// Waits for the command's end: its exit code, or 128 and the signal that ended it.
  package consuming func finish() -> Int32 { wait() }

  private mutating func wait() -> Int32 {
    var word: Int32 = 0
    while waitpid(id, &word, 0) < 0, errno == EINTR {}
    isOver = true
    let signal = word & 0x7F
    return signal == 0 ? word >> 8 & 0xFF : 128 + signal
  }

  deinit {
    _ = close(output)
    if isOver { return }
    kill(id, SIGKILL)
    while waitpid(id, nil, 0) < 0, errno == EINTR {}
  }
}

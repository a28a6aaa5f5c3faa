package import Bytes

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What another command prints, read as it comes.
package struct CommandOutput: ~Copyable {
  private let id: pid_t
  private let output: Int32
  private let path: String

  /// Starts `words[0]` of the search path with the other words, with nothing to read; `path` is for errors.
  package init(_ words: [String], path: String) throws(FileError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw FileError(.open, path, code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { _ = close(ends[1]) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      let environ = _NSGetEnviron().pointee
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var id: pid_t = 0
    let code = posix_spawnp(&id, words[0], &actions, nil, arguments, environ)
    guard code == 0 else {
      _ = close(ends[0])
      throw FileError(.open, path, code: code)
    }
    self.id = id
    output = ends[0]
    self.path = path
  }

  /// Appends what is there, up to `count` bytes, to `buffer`; nothing at the end.
  package func read(_ count: Int, into buffer: inout ByteWriter) throws(FileError) {
    try buffer.append(upTo: count) { (target) throws(FileError) -> Int in
      while true {
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

  /// Waits for the command's end: whether it ended well.
  package consuming func finish() -> Bool {
    var word: Int32 = 0
    while waitpid(id, &word, 0) < 0, errno == EINTR {}
    return word == 0
  }

  deinit { _ = close(output) }
}

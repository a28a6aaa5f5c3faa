package import Foundation
import Synchronization

/// A command that runs, with its standard input open and its output in files.
///
/// Not Foundation's `Process`: its pipes are inherited by whatever another test starts at that moment, and a command whose input
/// is open elsewhere never sees the end of it. Here everything is closed on exec, and starting is done by one at a time.
package final class ChildProcess {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private static let starting = Mutex(())
  private static let secondsMax = 120.0

  package let id: pid_t
  private let folder: URL
  private var input: Int32
  private var status: Int32?

  /// Starts `program`, a path, with the environment of the tests unless another is given.
  package init(
    _ program: String, _ arguments: [String], environment: [String: String]? = nil, current: URL? = nil
  ) throws {
    // Writing to a command that has ended is an error, not the end of the tests.
    signal(SIGPIPE, SIG_IGN)
    folder = FileManager.default.temporaryDirectory.appending(path: "tally-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let environment = environment ?? ProcessInfo.processInfo.environment
    let strings = environment.map { "\($0)=\($1)" }
    (id, input) = try Self.starting.withLock { [folder] _ in
      try Self.spawn([program] + arguments, strings, current ?? folder, output: folder)
    }
  }

  deinit {
    closeInput()
    if status == nil {
      kill(SIGKILL)
      waitpid(id, nil, 0)
    }
    try? FileManager.default.removeItem(at: folder)
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String], _ current: URL, output: URL
  ) throws -> (pid_t, Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(errno)") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
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
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    // Files never fill up, so a command that says much cannot hang a test.
    for (descriptor, name) in [(Int32(1), "output"), (2, "errors")] {
      let path = output.appending(path: name).path
      posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    // As from a shell: a broken pipe and a file that grows too large end a command.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    // Threads of tests block signals, which would be inherited.
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    // Not every C library can be told where a command starts.
    let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, current.path]
    let (list, settings) = (
      (shell + arguments).map { strdup($0) } + [nil], environment.map { strdup($0) } + [nil]
    )
    defer { for text in list + settings { free(text) } }
    var id: pid_t = 0
    let code = posix_spawn(&id, shell[0], &actions, &attributes, list, settings)
    guard code == 0 else {
      close(ends[1])
      throw Failure(description: "cannot start \(arguments[0]): \(String(cString: strerror(code)))")
    }
    return (id, ends[1])
  }

  /// Sends bytes; false when the command does not listen any more.
  @discardableResult
  package func send(_ data: Data) -> Bool {
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return false }
      rest = rest.dropFirst(max(count, 0))
    }
    return true
  }

  package func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// How many bytes that were sent it has not read yet.
  package var unreadCount: Int {
    var count: Int32 = 0
    return ioctl(input, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
  }

  /// What it has written so far.
  package var output: Data { data("output") }
  package var errors: Data { data("errors") }

  private func data(_ name: String) -> Data {
    (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
  }

  package func kill(_ signal: Int32) {
    #if canImport(Darwin)
      Darwin.kill(id, signal)
    #else
      Glibc.kill(id, signal)
    #endif
  }

  /// Closes its input and waits for its end: its exit code, or 128 and the signal that ended it.
  package func finish() throws -> Int32 {
    closeInput()
    let start = Date()
    while status == nil {
      var word: Int32 = 0
      if waitpid(id, &word, WNOHANG) == id {
        let signal = word & 0x7F
        status = signal == 0 ? word >> 8 & 0xFF : 128 + signal
      } else if Date().timeIntervalSince(start) > Self.secondsMax {
        throw Failure(description: "the command did not end within \(Self.secondsMax) s: \(state)")
      } else {
        usleep(1000)
      }
    }
    return status ?? -1
  }

  /// Where it hangs, as far as the system tells.
  private var state: String {
    ["wchan", "syscall", "status"].map {
      (try? String(contentsOfFile: "/proc/\(id)/\($0)", encoding: .utf8)) ?? ""
    }
    .joined(separator: "\n") + String(decoding: errors, as: UTF8.self)
  }
}

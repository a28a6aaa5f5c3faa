//! One run of curl. What it shall do goes in by its standard input, so that no secret stands in a list of processes;
//! the answer comes by its standard output and is read no further than allowed; the status by its standard error.

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

enum Curl {
  struct Answer {
    var status: Int
    var body: [UInt8]
  }

  /// What it answers to a configuration; `address` is for errors.
  static func run(_ config: String, sizeBytesMax: Int, _ address: String) throws(FetchError) -> Answer {
    guard var child = CurlProcess() else { throw FetchError(address, .noCurl) }
    child.send(Array(config.utf8))
    guard let body = child.readBody(sizeBytesMax: sizeBytesMax) else {
      child.stop()
      throw FetchError(address, .tooLarge(bytesMax: sizeBytesMax))
    }
    let status = child.readStatus()
    let code = child.finish()
    if let reason = reason(code, sizeBytesMax) { throw FetchError(address, reason) }
    return Answer(status: status, body: body)
  }

  /// What an exit code means; nil when all went well.
  private static func reason(_ code: Int32, _ sizeBytesMax: Int) -> FetchError.Reason? {
    switch code {
    case 0: nil
    case 3: .noAddress
    case 5, 6: .unknownHost
    case 7: .noListener
    case 28: .timeout
    case 18, 52, 55, 56, 92: .cutOff
    case 35, 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91: .notSecure
    // 1: the next address is of a kind that is not allowed.
    case 1, 47: .redirects
    case 63: .tooLarge(bytesMax: sizeBytesMax)
    // What a shell says when there is no such command, or it cannot run.
    case 126, 127: .noCurl
    default: .curl(code)
    }
  }
}

/// The process and its three pipes.
private struct CurlProcess: ~Copyable {
  private static let chunkSizeBytes = 1 << 16

  private var id: pid_t = 0
  private var input: Int32
  private let output: Int32
  private let errors: Int32

  /// Starts it; nil when it does not start.
  init?() {
    guard let input = Self.pipe() else { return nil }
    guard let output = Self.pipe() else {
      Self.close(input)
      return nil
    }
    guard let errors = Self.pipe() else {
      Self.close(input, output)
      return nil
    }
    var id: pid_t = 0
    guard Self.spawn(&id, input.read, output.write, errors.write) else {
      Self.close(input, output, errors)
      return nil
    }
    Self.close(input.read, output.write, errors.write)
    self.id = id
    self.input = input.write
    self.output = output.read
    self.errors = errors.read
  }

  private static func spawn(_ id: inout pid_t, _ input: Int32, _ output: Int32, _ errors: Int32) -> Bool {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (index, descriptor) in [input, output, errors].enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(index))
    }
    // -q comes first: nobody's .curlrc decides what is fetched.
    let words = ["curl", "-q", "--config", "-"]
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    #if canImport(Darwin)
      let environ = _NSGetEnviron().pointee
    #endif
    return posix_spawnp(&id, "curl", &actions, nil, arguments, environ) == 0
  }

  /// Sends all of `bytes`, and then nothing more.
  mutating func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { break }
      sent += max(count, 0)
    }
    Self.close(input)
    input = -1
  }

  /// All it writes; nil when that is more than `sizeBytesMax`.
  func readBody(sizeBytesMax: Int) -> [UInt8]? { Self.readAll(output, sizeBytesMax: sizeBytesMax) }

  /// The number it says last.
  func readStatus() -> Int {
    let text = String(decoding: Self.readAll(errors, sizeBytesMax: Self.chunkSizeBytes) ?? [], as: UTF8.self)
    return Int(text.suffix(3)) ?? 0
  }

  private static func readAll(_ descriptor: Int32, sizeBytesMax: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: chunkSizeBytes)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return bytes }
      if bytes.count + count > sizeBytesMax { return nil }
      bytes += chunk[..<count]
    }
  }

  /// Ends it.
  func stop() {
    kill(id, SIGKILL)
    _ = finish()
  }

  /// Waits for its end: its exit code.
  func finish() -> Int32 {
    var word: Int32 = 0
    while waitpid(id, &word, 0) < 0, errno == EINTR {}
    return word & 0x7F == 0 ? word >> 8 & 0xFF : 128 + word & 0x7F
  }

  deinit {
    if input >= 0 { Self.close(input) }
    Self.close(output, errors)
  }

  /// A pipe that no other child inherits.
  private static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    #if canImport(Darwin)
      guard Darwin.pipe(&ends) == 0 else { return nil }
    #else
      guard Glibc.pipe(&ends) == 0 else { return nil }
    #endif
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func close(_ pipes: (read: Int32, write: Int32)...) {
    for pipe in pipes { close(pipe.read, pipe.write) }
  }

  private static func close(_ descriptors: Int32...) {
    for descriptor in descriptors {
      #if canImport(Darwin)
        _ = Darwin.close(descriptor)
      #else
        _ = Glibc.close(descriptor)
      #endif
    }
  }
}

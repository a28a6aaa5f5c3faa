package import Bytes

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A pipe, terminal or file read from front to end.
package struct Stream: ~Copyable {
  /// What waiting for bytes brought.
  package enum Event: Equatable, Sendable {
    case bytes(Int)
    /// Nothing came in the time given, or a signal interrupted the wait.
    case quiet
    case end
  }

  package static let standardInput: Int32 = 0
  package static let standardOutput: Int32 = 1
  package static let standardError: Int32 = 2

  private let descriptor: Int32
  private let path: String
  private let isOwned: Bool

  /// The process's standard input.
  package init() {
    descriptor = Self.standardInput
    path = "stdin"
    isOwned = false
  }

  /// The file at `path`.
  package init(path: String) throws(FileError) {
    try Faults.check(.open, path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw FileError(.open, path, code: errno) }
    self.descriptor = descriptor
    self.path = path
    isOwned = true
  }

  deinit { if isOwned { _ = close(descriptor) } }

  /// The length of a file in bytes; 0 of anything else.
  private func size() throws(FileError) -> Int {
    try Faults.check(.inspect, path)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.inspect, path, code: errno) }
    return Int(status.st_size)
  }

  /// Appends what is there, up to `count` bytes, to `buffer`, waiting at most `milliseconds` for the first byte.
  package func read(
    upTo count: Int, waiting milliseconds: Int32, into buffer: inout ByteWriter
  ) throws(FileError) -> Event {
    try Faults.check(.read, path)
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&wanted, 1, milliseconds)
    if ready == 0 || (ready < 0 && errno == EINTR) { return .quiet }
    if ready < 0 { throw FileError(.read, path, code: errno) }
    var got = 0
    try buffer.append(upTo: count) { (target) throws(FileError) -> Int in
      #if canImport(Darwin)
        got = Darwin.read(descriptor, target.baseAddress, target.count)
      #else
        got = Glibc.read(descriptor, target.baseAddress, target.count)
      #endif
      if got < 0, errno != EINTR, errno != EAGAIN { throw FileError(.read, path, code: errno) }
      return max(got, 0)
    }
    return got < 0 ? .quiet : got == 0 ? .end : .bytes(got)
  }

  /// All that can be read of what a person names, be it a file, a pipe or a device; more than `sizeBytesMax` bytes are
  /// an error, `EFBIG`, which for a file comes before anything is read.
  package static func contents(_ path: String, sizeBytesMax: Int) throws(FileError) -> [UInt8] {
    try Stream(path: path).contents(sizeBytesMax: sizeBytesMax)
  }

  /// The same of what is open.
  package func contents(sizeBytesMax: Int) throws(FileError) -> [UInt8] {
    var bytes = ByteWriter(capacity: 1 << 16)
    while true {
      if try max(size(), bytes.count) > sizeBytesMax { throw FileError(.read, path, code: EFBIG) }
      if try read(upTo: 1 << 20, waiting: -1, into: &bytes) == .end { return bytes.array }
    }
  }

  /// What a pipe takes without blocking when it takes anything at all.
  package static let pieceSizeBytes = Int(PIPE_BUF)

  /// Whether a descriptor takes bytes now or within `milliseconds`; -1 waits for ever.
  package static func isWritable(_ descriptor: Int32, waiting milliseconds: Int32) -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&wanted, 1, milliseconds) > 0
  }

  /// Writes all of `bytes` into the pipe or device at `path`; a pipe is waited for until somebody reads it.
  static func write(_ bytes: RawSpan, into path: String) throws(FileError) {
    try Faults.check(.open, path)
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw FileError(.open, path, code: errno) }
    defer { _ = close(descriptor) }
    try write(bytes, to: descriptor, path)
  }

  /// Writes all of `bytes` to a descriptor such as standard output.
  package static func write(_ bytes: RawSpan, to descriptor: Int32) throws(FileError) {
    try write(bytes, to: descriptor, descriptor == standardOutput ? "stdout" : "stderr")
  }

  private static func write(_ bytes: RawSpan, to descriptor: Int32, _ path: String) throws(FileError) {
    try bytes.withUnsafeBytes { (source) throws(FileError) in
      var done = 0
      while done < source.count, let start = source.baseAddress {
        #if canImport(Darwin)
          let put = Darwin.write(descriptor, start + done, source.count - done)
        #else
          let put = Glibc.write(descriptor, start + done, source.count - done)
        #endif
        if put < 0 {
          if errno == EINTR { continue }
          if errno == EAGAIN {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&wanted, 1, -1)
            continue
          }
          throw FileError(.write, path, code: errno)
        }
        done += put
      }
    }
  }

  /// Writes a text to a descriptor.
  package static func write(_ text: String, to descriptor: Int32) throws(FileError) {
    try write(Array(text.utf8).span.bytes, to: descriptor)
  }
}

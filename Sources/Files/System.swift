import CArguments
import CMalloc

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the process asks of its surroundings.
package enum System {
  /// What stood behind the program's name when it was started.
  package static var arguments: [String] {
    guard tally_argument(0) != nil else { return Array(CommandLine.arguments.dropFirst()) }
    var words: [String] = []
    while let word = tally_argument(Int32(words.count + 1)) { words.append(String(cString: word)) }
    return words
  }

  /// The value of an environment variable; nil when unset or empty.
  package static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// UTC milliseconds since 1970; `TALLY_NOW` (milliseconds) stands in for the clock in debug builds, so that
  /// tests can be anywhere in time.
  package static func now() -> Int64 {
    #if DEBUG
      if let text = environment("TALLY_NOW"), let value = Int64(text) { return value }
    #endif
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Milliseconds of a clock that never jumps.
  package static func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// The machine's host name up to the first dot.
  package static var hostName: String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let code = buffer.withUnsafeMutableBytes { bytes -> Int32 in
      guard let start = bytes.baseAddress else { return -1 }
      return gethostname(start.assumingMemoryBound(to: CChar.self), bytes.count - 1)
    }
    guard code == 0 else { return "host" }
    let name = String(decoding: buffer.prefix { $0 != 0 && $0 != UInt8(ascii: ".") }, as: UTF8.self)
    return name.isEmpty ? "host" : name
  }

  /// Whether a descriptor is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The width of the terminal behind a descriptor, in columns.
  package static func terminalWidth(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Keeps memory that was freed for what comes next.
  ///
  /// For runs in which one day after the other takes about the same, and the system would have to bring the pages
  /// back each time. The C library of macOS does so by itself.
  package static func keepFreedMemory() {
    #if canImport(Glibc)
      mallopt(M_MMAP_THRESHOLD, 32 << 20)
      mallopt(M_TRIM_THRESHOLD, .max)
    #endif
  }

  /// Cores this process may use.
  package static var coreCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// How many files this process may have open at once.
  package static let openFilesMax: Int = {
    var limit = rlimit()
    #if canImport(Darwin)
      let code = getrlimit(RLIMIT_NOFILE, &limit)
    #else
      let code = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #endif
    return code == 0 ? Int(clamping: limit.rlim_cur) : 256
  }()

  /// How many files may stay open only because they will be read again: half of what may be open, and some for the rest.
  package static let keptFilesMax = max(0, min(openFilesMax, 1 << 16) / 2 - 16)

  /// Whether as many more files could be opened now.
  ///
  /// Threads need some too, and the system's library ends the process when there are none left for it.
  package static func canOpen(_ count: Int) -> Bool {
    var opened: [Int32] = []
    defer { for descriptor in opened { _ = close(descriptor) } }
    while opened.count < count {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { return false }
      opened += ends
    }
    return true
  }
}

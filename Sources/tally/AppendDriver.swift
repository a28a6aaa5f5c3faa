//! Reads the inputs of `tally append` and drives the session: chunks in, a flush at least every second, the tee and
//! the acknowledgements out. It keeps reading after a failure, because a closed pipe would kill the sender.

import Bytes
import Files
import Ingest

final class AppendDriver {
  private static let chunkSizeBytes = 1 << 20
  private static let flushMilliseconds: Int64 = 1000
  /// How long a reader may take nothing when we were asked to stop.
  private static let endingMilliseconds: Int32 = 1000

  let session: AppendSession
  private let tee: Bool
  private let ack: Bool
  private var chunk = ByteWriter(capacity: chunkSizeBytes)
  private var pendingSince: Int64?
  private var acknowledged: UInt64 = 0
  private let output: StandardOutput
  /// Makes the reader of an input that is in another format; nil for lines of events.
  private let foreign: ((_ name: String, _ isStream: Bool) -> ForeignInput)?
  private var input: ForeignInput?
  /// What came of inputs in another format.
  private(set) var tally = ForeignTally()

  init(
    session: AppendSession, output: StandardOutput, tee: Bool, ack: Bool,
    foreign: ((_ name: String, _ isStream: Bool) -> ForeignInput)? = nil
  ) {
    self.session = session
    self.foreign = foreign
    self.tee = tee
    self.ack = ack
    self.output = output
  }

  /// Reads all inputs; returns the first that could not be read.
  func run(_ files: [String]) -> Failure? {
    var failure: Failure?
    for name in files.isEmpty ? ["-"] : files {
      if Signals.ending != nil { break }
      var isWhole = false
      do throws(FileError) {
        if name == "-" {
          begin("stdin", isStream: true)
          isWhole = try read(Stream())
        } else {
          begin(name, isStream: false)
          isWhole = try read(Stream(path: name))
        }
      } catch {
        failure = failure ?? Failure(error)
      }
      endInput(isWhole: isWhole)
    }
    flush()
    return failure
  }

  private func begin(_ name: String, isStream: Bool) {
    input = foreign?(name, isStream)
    if input == nil { session.begin(input: name, isStream: isStream) }
  }

  /// - Parameter isWhole: whether the input ended, and not only the reading of it.
  private func endInput(isWhole: Bool) {
    guard let input else { return isWhole ? session.endInput() : session.cutInput() }
    input.finish(isCut: !isWhole)
    tally += input.tally
    self.input = nil
  }

  private func accept(_ bytes: RawSpan) {
    if let input { input.accept(bytes) } else { session.accept(bytes) }
  }

  private var hasPending: Bool { session.hasPending || input?.hasHeld == true }

  /// Reads until the input ends or a signal asks to stop; whether it ended.
  private func read(_ stream: consuming Stream) throws(FileError) -> Bool {
    while Signals.ending == nil {
      chunk.removeAll()
      let event = try stream.read(upTo: Self.chunkSizeBytes, waiting: waitMilliseconds(), into: &chunk)
      switch event {
      case .bytes:
        chunk.withBytes { accept($0) }
        if hasPending, pendingSince == nil { pendingSince = System.monotonicMilliseconds() }
        passOn()
        acknowledge()
      // Whoever asked us to stop may have stopped the sender in the middle of a line as well.
      case .end: return Signals.ending == nil
      case .quiet: break
      }
      if let since = pendingSince, System.monotonicMilliseconds() - since >= Self.flushMilliseconds {
        flush()
      }
    }
    return false
  }

  /// How long the next read may wait before what is pending must be flushed.
  private func waitMilliseconds() -> Int32 {
    guard let pendingSince else { return -1 }
    return Int32(clamping: max(0, Self.flushMilliseconds - (System.monotonicMilliseconds() - pendingSince)))
  }

  private func flush() {
    input?.release()
    session.flush()
    pendingSince = nil
    acknowledge()
  }

  private func acknowledge() {
    guard ack, session.durableLines > acknowledged else { return }
    acknowledged = session.durableLines
    output.write("\(acknowledged)\n")
  }

  /// Passes on what was read; the events count whether or not anybody takes it.
  private func passOn() {
    guard tee else { return }
    chunk.withBytes { bytes in
      var start = 0
      while output.isOpen, start < bytes.byteCount {
        // Whoever asked us to stop gets all that was read, unless nobody takes any of it.
        let isEnding = Signals.ending != nil
        let wait = isEnding ? Self.endingMilliseconds : waitMilliseconds()
        if Stream.isWritable(Stream.standardOutput, waiting: wait) {
          let end = min(start + Stream.pieceSizeBytes, bytes.byteCount)
          output.write(bytes.extracting(start..<end))
          start = end
        } else if isEnding {
          output.close(Failure("stdout: nobody took the last \(bytes.byteCount - start) bytes", .ioError))
        } else {
          // A reader that does not read must not keep what was read from becoming durable.
          flush()
        }
      }
    }
  }

  /// Reads standard input, if it is one of the inputs, to its end without keeping anything; how many lines it had.
  ///
  /// - Parameter output: where to pass it on.
  static func drain(_ files: [String], to output: StandardOutput?) -> UInt64 {
    guard files.isEmpty || files.contains("-") else { return 0 }
    var lines: UInt64 = 0
    var isInLine = false
    var chunk = ByteWriter(capacity: chunkSizeBytes)
    let stream = Stream()
    while Signals.ending == nil {
      let event = try? stream.read(upTo: chunkSizeBytes, waiting: -1, into: &chunk)
      if event == nil || event == .end { break }
      let bytes = chunk.array
      chunk.removeAll()
      guard let last = bytes.last else { continue }
      lines += UInt64(bytes.count { $0 == 10 })
      isInLine = last != 10
      output?.write(bytes.span.bytes)
    }
    return lines + (isInLine ? 1 : 0)
  }
}

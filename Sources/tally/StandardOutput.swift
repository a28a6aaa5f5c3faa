import Files

/// Standard output of a command whose work goes on when nobody takes what it prints.
///
/// The first error ends the printing and is kept for the command's end; a reader that has gone is no error.
final class StandardOutput {
  private(set) var isOpen = true
  private(set) var failure: Failure?

  func write(_ bytes: RawSpan) {
    guard isOpen else { return }
    do throws(FileError) {
      try Stream.write(bytes, to: Stream.standardOutput)
    } catch {
      close(error.isBrokenPipe ? nil : Failure(error))
    }
  }

  func write(_ text: String) { write(Array(text.utf8).span.bytes) }

  /// Prints no more.
  func close(_ failure: Failure?) {
    isOpen = false
    self.failure = failure
  }
}

import Compaction
import Exchange
import Files
import SegmentLog

/// The exit codes of sysexits.h that tally uses.
enum Status: Int32 {
  case usage = 64
  /// Some input was rejected or some data is damaged; the rest is done.
  case dataError = 65
  case noInput = 66
  case unavailable = 69
  case cannotCreate = 73
  case ioError = 74
  case tryAgain = 75
  case noPermission = 77
  case configuration = 78
}

/// Why a command ends without having done its work: `where: what`, then how to mend it.
struct Failure: Error {
  let message: String
  /// Lines behind the message, such as a filter with a caret under the place.
  let details: [String]
  let code: Status

  init(_ message: String, details: [String] = [], _ code: Status) {
    self.message = message
    self.details = details
    self.code = code
  }

  /// A file that could not be read or written.
  init(_ error: FileError) {
    let code: Status =
      error.isPermission
      ? .noPermission
      : error.isLocked
        ? .tryAgain
        : error.operation == .open && error.isMissing
          ? .noInput : error.operation == .createFolder ? .cannotCreate : .ioError
    self.init(error.description, code)
  }

  /// A place that depends on where this user's files are.
  static func wrap<Value>(_ find: () throws(NoHome) -> Value) throws -> Value {
    do throws(NoHome) {
      return try find()
    } catch {
      throw Failure("\(error)", .configuration)
    }
  }

  /// A segment that could not be read or written.
  init(_ error: SegmentError) {
    switch error {
    case .file(let error): self.init(error)
    case .damaged, .lost, .misnamed: self.init(error.description, .dataError)
    case .replaced: self.init(error.description, .tryAgain)
    }
  }

  /// Rates that could not be read or kept.
  init(_ error: RateStoreError) {
    switch error {
    case .file(let error): self.init(error)
    case .content: self.init(error.description, .dataError)
    }
  }

  /// A day that could not be folded.
  init(_ error: DayError) {
    switch error {
    case .file(let error): self.init(error)
    case .segment(let error): self.init(error)
    case .fold, .rollup: self.init(error.description, .dataError)
    }
  }
}

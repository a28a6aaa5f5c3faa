//! The fault seam: tests make the n-th call of a kind fail, stop half-way, or end the process, to prove what
//! survives. Real power loss cannot be had in a test; a write that stops half-way followed by the end of the
//! process, and a sync that fails, are what it looks like to the next reader.
//!
//! Unarmed, a call costs one relaxed atomic load. In debug builds the environment arms it too
//! (`TALLY_FAULT=write:3:ENOSPC`, `write:2:half`, `sync:1:EIO`, `rename:1:kill`), so that black-box tests can
//! break the real binary; release builds do not read the variable.

import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What goes wrong, and when.
package struct Fault: Equatable, Sendable {
  /// How the call goes wrong.
  package enum Effect: Equatable, Sendable {
    /// The call does nothing and fails with this error number.
    case fail(Int32)
    /// A write stores half of its bytes, then fails with this error number.
    case half(Int32)
    /// The process ends before the call, as if killed.
    case kill
    /// A write stores half of its bytes, then the process ends.
    case killHalf
  }

  package let operation: FileOperation
  /// Calls of this kind that go well first.
  package var after: Int
  package let effect: Effect
  /// Only paths that contain this text count; empty means all.
  package let pathPart: String

  package init(_ operation: FileOperation, after: Int, _ effect: Effect, pathPart: String = "") {
    self.operation = operation
    self.after = after
    self.effect = effect
    self.pathPart = pathPart
  }

  /// Reads `operation:n:effect[:path-part]`; n counts from 1.
  package init?(parsing text: String) {
    let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 3, let count = Int(parts[1]), count > 0 else { return nil }
    guard let operation = FileOperation.allCases.first(where: { "\($0)" == parts[0] }) else { return nil }
    let effects: [String: Effect] = [
      "ENOSPC": .fail(ENOSPC), "EIO": .fail(EIO), "EACCES": .fail(EACCES), "EROFS": .fail(EROFS),
      "half": .half(ENOSPC), "kill": .kill, "killhalf": .killHalf,
    ]
    guard let effect = effects[parts[2]] else { return nil }
    self.init(operation, after: count - 1, effect, pathPart: parts.count > 3 ? parts[3] : "")
  }
}

/// The armed faults of this process.
package enum Faults {
  private static let armed = Atomic<Bool>(false)
  private static let plan = Mutex<[Fault]>([])
  private static let counts = Mutex<[FileOperation: Int]>([:])

  /// Arms `faults`, replacing those armed before; an empty list disarms.
  package static func arm(_ faults: [Fault]) {
    plan.withLock { $0 = faults }
    counts.withLock { $0 = [:] }
    armed.store(!faults.isEmpty, ordering: .sequentiallyConsistent)
  }

  /// Arms what `TALLY_FAULT` says, in debug builds only.
  package static func armFromEnvironment() {
    #if DEBUG
      guard let text = getenv("TALLY_FAULT") else { return }
      arm(String(cString: text).split(separator: ",").compactMap { Fault(parsing: String($0)) })
    #endif
  }

  /// How many armed faults were not reached yet.
  package static var remainingCount: Int { plan.withLock { $0.count } }

  /// How often `operation` was called since arming.
  package static func count(_ operation: FileOperation) -> Int {
    counts.withLock { $0[operation] ?? 0 }
  }

  /// The effect for this call, if one is due; ends the process for `.kill`.
  @inline(__always)
  static func due(_ operation: FileOperation, _ path: @autoclosure () -> String) -> Fault.Effect? {
    guard armed.load(ordering: .relaxed) else { return nil }
    return planned(operation, path())
  }

  private static func planned(_ operation: FileOperation, _ path: String) -> Fault.Effect? {
    counts.withLock { $0[operation, default: 0] += 1 }
    let effect = plan.withLock { plan -> Fault.Effect? in
      for index in plan.indices where plan[index].operation == operation {
        guard plan[index].pathPart.isEmpty || path.contains(plan[index].pathPart) else { continue }
        guard plan[index].after > 0 else {
          return plan.remove(at: index).effect
        }
        plan[index].after -= 1
      }
      return nil
    }
    if effect == .kill { _exit(137) }
    return effect
  }

  /// Throws when the call must fail before it does anything.
  @inline(__always)
  static func check(_ operation: FileOperation, _ path: @autoclosure () -> String) throws(FileError) {
    switch due(operation, path()) {
    case .fail(let code), .half(let code): throw FileError(operation, path(), code: code)
    case .kill, .killHalf: _exit(137)
    case nil: return
    }
  }
}

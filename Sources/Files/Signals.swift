import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Asking a long run to end: the first SIGINT, SIGTERM or SIGHUP is remembered, so that what was read can be
/// made durable; a second one ends the process as usual.
package enum Signals {
  private static let asked = Atomic<Int32>(0)

  /// The signal that asked us to end; nil when none did.
  package static var ending: Int32? {
    let signal = asked.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Starts remembering; a write that the system refuses becomes an error, not a signal.
  package static func handle() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // Whoever started us with a signal ignored (nohup, a background job) wants it ignored.
      var before = sigaction()
      sigaction(number, nil, &before)
      #if canImport(Darwin)
        let known = before.__sigaction_u.__sa_handler
      #else
        let known = before.__sigaction_handler.sa_handler
      #endif
      if unsafeBitCast(known, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
      var action = sigaction()
      let handler: @convention(c) (Int32) -> Void = { number in
        Signals.asked.store(number, ordering: .relaxed)
      }
      #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
      #else
        action.__sigaction_handler.sa_handler = handler
      #endif
      // No SA_RESTART: a wait for input must end. After the first one the default is back.
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(number, &action, nil)
    }
    // A parent's thread may have blocked them, and that is inherited too.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    ignoreRefusedWrites()
  }

  /// Makes it an error, not the end of the process, to write to a pipe that nobody reads, or more than the limit on
  /// the size of files allows.
  package static func ignoreRefusedWrites() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }
}

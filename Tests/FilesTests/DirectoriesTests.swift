import Foundation
import Testing

@testable import Files

/// Where a user's files are when the environment does not say.
@Suite struct DirectoriesTests {
  private static let list = """
    # comment
    root:x:0:0:root:/root:/bin/bash
    +
    broken:x:7
    short:x:1000:1000:Short,,,:/home/short
    long:x:10000:100:Long:/home/long:/bin/sh
    nowhere:x:12:12:::/bin/false
    relative:x:13:13::here:/bin/false
    again:x:1000:1000::/home/again:/bin/sh

    """

  @Test(
    arguments: [
      (0, "/root"), (1000, "/home/short"), (10000, "/home/long"), (100, nil), (7, nil), (12, nil), (13, nil),
      (4_294_967_294, nil),
    ] as [(UInt32, String?)])
  func theListOfUsersIsRead(_ user: UInt32, _ home: String?) {
    #expect(Directories.home(of: user, in: Array(Self.list.utf8)) == home)
  }

  @Test func whatWouldSayItIsNamed() {
    let user = "/etc/passwd has none for user \(getuid())"
    #expect(
      NoHome(variables: ["XDG_DATA_HOME", "TALLY_STORE"]).description
        == "no home folder: HOME is not set, and \(user): set HOME, XDG_DATA_HOME or TALLY_STORE")
    #expect(
      NoHome(variables: ["XDG_STATE_HOME"]).description
        == "no home folder: HOME is not set, and \(user): set HOME or XDG_STATE_HOME")
    #expect(NoHome(variables: []).description.hasSuffix(": set HOME"))
  }
}

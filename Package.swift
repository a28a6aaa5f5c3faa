// swift-tools-version:6.2
import Foundation
import PackageDescription

/// One rule for all our code: language mode 6, least visibility, warnings are errors.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The pages beside the reports, which are no sources.
let pages = {
  let folder = Context.packageDirectory + "/Sources/Reports/Definitions"
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasSuffix(".md") }.map { "Definitions/\($0)" }
}()

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
  name: "tally",
  platforms: [.macOS("26.0")],
  products: [.executable(name: "tally", targets: ["tally"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(name: "CScan"),
    library("Bytes", ["CScan"]),
    library("Zstd", ["Bytes", "CZstd"]),
    .systemLibrary(name: "CMalloc"),
    .target(name: "CArguments"),
    library("Files", ["Bytes", "CArguments", "CMalloc"]),
    library("Money", ["Bytes"]),
    library("Calendar", ["Bytes"]),
    library("Exchange", ["Bytes", "Calendar", "Files", "Money"]),
    library("Events", ["Bytes", "CScan", "Calendar", "Money"]),
    .target(name: "CCatalog", exclude: ["catalog.json"]),
    library("JSON", []),
    library("Pricing", ["Bytes", "CCatalog", "Calendar", "Events", "Files", "JSON", "Money"]),
    library("SegmentLog", ["Bytes", "Events", "Files", "Zstd"]),
    library("Parquet", ["Bytes", "Zstd"]),
    library("Rollup", ["Bytes", "Events", "Money", "Parquet", "Pricing"]),
    library("Compaction", ["Bytes", "Files", "Parquet", "Pricing", "Rollup", "SegmentLog"]),
    library("Adapters", ["Bytes", "CScan", "Calendar", "Events", "JSON", "Money"]),
    library("Ingest", ["Adapters", "Bytes", "Events", "Files", "JSON", "SegmentLog"]),
    library(
      "Query",
      [
        "Bytes", "Calendar", "Compaction", "Events", "Exchange", "Files", "Money", "Parquet", "Pricing",
        "Rollup", "SegmentLog",
      ]),
    library("Forecast", ["Calendar"]),
    .target(
      name: "Reports",
      dependencies: [
        "Adapters", "Bytes", "Calendar", "Compaction", "Configuration", "Events", "Exchange", "Files",
        "Forecast",
        "Money", "Pricing", "Query", "Rollup", "SegmentLog",
      ],
      exclude: pages, swiftSettings: settings),
    library("Render", ["Bytes", "Query"]),
    library("Fetch", ["Files"]),
    library("TOML", ["Bytes"]),
    library("Configuration", ["Bytes", "Money", "TOML"]),
    .executableTarget(
      name: "tally",
      dependencies: [
        "Adapters", "Bytes", "Calendar", "Compaction", "Configuration", "Events", "Exchange",
        "Fetch", "Forecast",
        "Files", "Ingest",
        "Money", "Parquet", "Pricing", "Query", "Render", "Reports", "Rollup", "SegmentLog", "TOML",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    tests("BytesTests", ["Bytes", "TestSupport"]),
    tests("ExchangeTests", ["Exchange", "Bytes", "Calendar", "Files", "Money", "TestSupport"]),
    tests("MoneyTests", ["Money", "Bytes", "TestSupport"]),
    tests("EventsTests", ["Events", "Money", "Bytes", "TestSupport"]),
    tests("PricingTests", ["Pricing", "Bytes", "Events", "Files", "Money", "TestSupport"]),
    tests("AdaptersTests", ["Adapters", "Bytes", "Events", "JSON", "Money", "TestSupport"]),
    tests(
      "IngestTests", ["Ingest", "Adapters", "Bytes", "Events", "Files", "JSON", "SegmentLog", "TestSupport"]),
    tests("FilesTests", ["Files", "Bytes"]),
    tests("FetchTests", ["Fetch", "Files", "TestSupport"]),
    .testTarget(
      name: "SegmentLogTests",
      dependencies: ["SegmentLog", "Bytes", "Events", "Files", "TestSupport", "Zstd"],
      exclude: ["segment_reader.py"], swiftSettings: settings),
    tests("CLITests", ["tally", "Bytes", "TestSupport"]),
    tests("CalendarTests", ["Calendar", "Bytes", "TestSupport"]),
    tests("ParquetTests", ["Parquet", "Bytes", "TestSupport", "Zstd"]),
    .target(
      name: "StoreFixtures", dependencies: ["Bytes", "SegmentLog", "TestSupport"],
      path: "Tests/StoreFixtures",
      swiftSettings: settings),
    tests(
      "RollupTests", ["Rollup", "Bytes", "Events", "Parquet", "Pricing", "StoreFixtures", "TestSupport"]),
    tests(
      "CompactionTests",
      [
        "Compaction", "Bytes", "Files", "Parquet", "Pricing", "Rollup", "SegmentLog", "StoreFixtures",
        "TestSupport",
      ]),
    tests(
      "QueryTests",
      [
        "Query", "Reports", "Bytes", "Calendar", "Compaction", "Exchange", "Files", "Money", "Parquet",
        "Pricing",
        "Rollup",
        "SegmentLog", "StoreFixtures", "TestSupport",
      ]),
    tests("ForecastTests", ["Forecast", "Calendar", "TestSupport"]),
    tests("TOMLTests", ["TOML", "TestSupport"]),
    tests("ConfigurationTests", ["Configuration", "TestSupport"]),
    tests("RenderTests", ["Render", "Query", "TestSupport"]),
  ],
  // C23, for #embed.
  cLanguageStandard: .c2x
)

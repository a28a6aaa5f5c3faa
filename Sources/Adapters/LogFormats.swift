/// All formats, in the order in which a file is compared with them.
package enum LogFormats {
  package static let all: [LogFormat] = [
    ClaudeCode.format,
    Codex.format,
    CodexExec.format,
    GeminiCLI.format,
    GeminiCLI.legacy,
    QwenCode.format,
    OpenCode.format,
    OpenCodeDatabase.format,
    Amp.format,
    CopilotCLI.format,
    CopilotOTel.format,
    LiteLLM.format,
    BedrockLog.format,
    OpenRouterActivity.format,
    Cursor.format,
    Cursor.table,
    CopilotReport.format,
    CloudEvents.format,
    OTLP.format,
    Response.format,
  ]

  /// The format of this name.
  package static func named(_ name: String) -> LogFormat? { all.first { $0.name == name } }

  /// What a file can only be; nil when it is none of them.
  package static func recognise(_ sample: LogSample) -> LogFormat? { all.first { $0.recognises(sample) } }
}

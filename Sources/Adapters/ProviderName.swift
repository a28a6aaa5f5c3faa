/// Who bills, in OpenTelemetry's words, whatever a log or a person calls it.
package enum ProviderName {
  private static let aliases: [String: String] = [
    "google": "gcp.gemini", "gemini": "gcp.gemini", "google.gemini": "gcp.gemini", "gcp.gen_ai": "gcp.gemini",
    "vertex": "gcp.vertex_ai", "vertexai": "gcp.vertex_ai", "vertex_ai": "gcp.vertex_ai",
    "google-vertex": "gcp.vertex_ai", "google-vertex-anthropic": "gcp.vertex_ai",
    "bedrock": "aws.bedrock", "amazon-bedrock": "aws.bedrock", "aws_bedrock": "aws.bedrock",
    "azure": "azure.ai.openai", "azure_openai": "azure.ai.openai", "az.ai.openai": "azure.ai.openai",
    "azure_ai": "azure.ai.inference", "xai": "x_ai", "x-ai": "x_ai", "mistral": "mistral_ai",
    "mistralai": "mistral_ai", "github-copilot": "github", "github_copilot": "github", "copilot": "github",
  ]

  /// Names of models that only one provider's begin with.
  private static let fronts: [(front: String, provider: String)] = [
    ("gpt-", "openai"), ("chatgpt-", "openai"), ("o1", "openai"), ("o3", "openai"), ("o4", "openai"),
    ("codex-", "openai"), ("text-embedding-", "openai"), ("whisper-", "openai"), ("dall-e", "openai"),
    ("claude", "anthropic"), ("gemini", "gcp.gemini"), ("grok", "x_ai"), ("mistral", "mistral_ai"),
    ("ministral", "mistral_ai"), ("magistral", "mistral_ai"), ("codestral", "mistral_ai"),
    ("devstral", "mistral_ai"), ("pixtral", "mistral_ai"), ("open-mistral", "mistral_ai"),
    ("open-mixtral", "mistral_ai"), ("deepseek", "deepseek"), ("sonar", "perplexity"),
  ]

  /// The name as the event has it.
  package static func normal(_ name: String) -> String {
    let name = name.lowercased()
    return aliases[name] ?? name
  }

  /// What people call a provider's interface for programs.
  package static func service(of provider: String) -> String {
    switch provider {
    case "openai": "openai-api"
    case "anthropic": "anthropic-api"
    case "gcp.gemini": "gemini-api"
    case "x_ai": "xai-api"
    case "mistral_ai": "mistral-api"
    default: provider
    }
  }

  /// Whose model this can only be, by its name; nil when several have such.
  package static func ofModel(_ model: String) -> String? {
    fronts.first { model.utf8.starts(with: $0.front.utf8) }?.provider
  }
}

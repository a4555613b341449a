using System.Text.Json.Serialization;

namespace AssetExport;

/// <summary>The JSON responses of the page and the commands.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(AssetStory))]
[JsonSerializable(typeof(IReadOnlyList<ExportEntry>))]
[JsonSerializable(typeof(IReadOnlyList<SetupFinding>))]
[JsonSerializable(typeof(ReconciliationResult))]
internal sealed partial class StatusJson : JsonSerializerContext;

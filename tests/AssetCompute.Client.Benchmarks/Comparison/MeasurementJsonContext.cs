using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>The generated serialization of a measurement, which native programs need.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Measurement))]
internal sealed partial class MeasurementJsonContext : JsonSerializerContext;

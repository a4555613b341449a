using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace WebApi;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PhotographAccepted))]
[JsonSerializable(typeof(PhotographEvent))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class WebApiJson : JsonSerializerContext;

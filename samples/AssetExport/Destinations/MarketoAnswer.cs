using System.Text.Json.Serialization;

namespace AssetExport;

/// <summary>The used parts of an answer from Marketo. Most errors have status 200. A sign-in has a token, and its lifetime in seconds.</summary>
internal sealed record MarketoAnswer(
    bool Success = false,
    IReadOnlyList<MarketoAnswer.Error>? Errors = null,
    IReadOnlyList<MarketoAnswer.File>? Result = null,
    [property: JsonPropertyName("access_token")] string? Token = null,
    [property: JsonPropertyName("expires_in")] double Lifetime = 0)
{
    internal sealed record Error(string? Code = null, string? Message = null);

    internal sealed record File(long Id, long? Size = null);
}

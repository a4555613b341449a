namespace AssetExport;

/// <summary>The used parts of an answer from Marketo. Most errors have status 200.</summary>
internal sealed record MarketoAnswer(bool Success = false, IReadOnlyList<MarketoAnswer.Error>? Errors = null, IReadOnlyList<MarketoAnswer.File>? Result = null)
{
    internal sealed record Error(string? Code = null, string? Message = null);

    internal sealed record File(long Id, long? Size = null);
}

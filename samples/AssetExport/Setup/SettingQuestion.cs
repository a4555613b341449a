namespace AssetExport;

/// <summary>A setting that <c>init</c> asks for.</summary>
/// <param name="Key">The key of the configuration; for a destination, below its section.</param>
/// <param name="Text">The question.</param>
internal sealed record SettingQuestion(string Key, string Text)
{
    /// <summary>What an empty answer stands for. Default: nothing, so an answer is required.</summary>
    public string? Default { get; init; }

    /// <summary>Whether an empty answer leaves the setting out.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether the answer isn't shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The answers that are allowed. Default: any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether the answer must be an https URL, or http to a loopback address.</summary>
    public bool IsUrl { get; init; }

    /// <returns>Why an answer isn't one; null if it is.</returns>
    public string? ErrorOf(string answer) =>
        answer.Length == 0 ? IsOptional ? null : "An answer is needed here."
        : Choices.Count > 0 && !Choices.Contains(answer, StringComparer.OrdinalIgnoreCase) ? $"It must be one of {string.Join(", ", Choices)}."
        : IsUrl && !SettingsExtensions.IsAllowedUrl(answer) ? "It must be an https URL; http is allowed to a loopback address."
        : null;
}

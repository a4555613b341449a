namespace AssetExport;

/// <summary>A setting that <c>init</c> asks for. The key of a destination's setting is relative to its section.</summary>
internal sealed record SettingQuestion(string Key, string Text)
{
    /// <summary>The value for an empty answer. Default: none, so an answer is required.</summary>
    public string? Default { get; init; }

    /// <summary>What an empty answer means, which omits the setting. Default: null, so an answer is required.</summary>
    public string? Omitted { get; init; }

    /// <summary>The option of the command line that answers it. Default: none, so only <c>--set</c> does.</summary>
    public string? Flag { get; init; }

    /// <summary>Whether the answer is hidden.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The allowed answers. Default: any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether the answer must be an HTTPS URL, or an HTTP URL with a loopback address.</summary>
    public bool IsUrl { get; init; }

    /// <returns>The reason why an answer is not valid; null if it is.</returns>
    public string? ErrorOf(string answer) =>
        answer.Length == 0 ? Omitted is not null ? null : "An answer is needed here."
        : Choices.Count > 0 && !Choices.Contains(answer, StringComparer.OrdinalIgnoreCase) ? $"It must be one of {string.Join(", ", Choices)}."
        : IsUrl && !SettingsExtensions.IsAllowedUrl(answer) ? "It must be an https URL; http is allowed to a loopback address."
        : null;
}

namespace AssetExport;

/// <summary>A setting that <c>init</c> asks for. The key of a destination's setting is relative to its section.</summary>
/// <param name="Default">The value for an empty answer. Default: none, so an answer is required.</param>
/// <param name="Omitted">What an empty answer means, which omits the setting. Default: null, so an answer is required.</param>
/// <param name="Flag">The option of the command line that answers it. Default: none, so only <c>--set</c> does.</param>
/// <param name="Choices">The allowed answers. Default: any.</param>
/// <param name="IsUrl">Whether the answer must be an HTTPS URL, or an HTTP URL with a loopback address.</param>
internal sealed record SettingQuestion(
    string Key, string Text, string? Default = null, string? Omitted = null, string? Flag = null, bool IsSecret = false, IReadOnlyCollection<string>? Choices = null, bool IsUrl = false)
{
    /// <returns>The reason why an answer is not valid; null if it is.</returns>
    public string? ErrorOf(string answer) =>
        answer.Length == 0 ? Omitted is not null ? null : "An answer is required."
        : Choices?.Contains(answer, StringComparer.OrdinalIgnoreCase) == false ? $"It must be one of {string.Join(", ", Choices)}."
        : IsUrl && !SettingsExtensions.IsAllowedUrl(answer) ? "It must be an https URL; http is allowed to a loopback address."
        : null;
}

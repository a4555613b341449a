using static System.FormattableString;

namespace AssetCompute.Client;

/// <summary>The errors found in a request, and the checks that most properties share.</summary>
internal sealed class ProcessRequestErrors
{
    private List<ProcessRequestError>? _errors;

    public IReadOnlyList<ProcessRequestError>? Found => _errors;

    /// <summary>The prefix of the property paths, such as <c>Renditions[2].</c></summary>
    public string Prefix { get; set; } = "";

    public void Add(string path, string message) => (_errors ??= []).Add(new ProcessRequestError { PropertyPath = Prefix + path, Message = message });

    public void RequirePositive(long? value, string path, string unit)
    {
        if (value is <= 0)
        {
            Add(path, Invariant($"must be greater than 0 {unit}; it is {value}."));
        }
    }

    public void RequireRange(long? value, long least, long most, string path, string unit)
    {
        if (value is { } given && (given < least || given > most))
        {
            Add(path, Invariant($"must be {least} to {most:N0}{unit}; it is {given}."));
        }
    }

    public void RequireSecure(string? url, string path, bool allowsData = false)
    {
        if (string.IsNullOrEmpty(url))
        {
            Add(path, "is required.");
            return;
        }

        bool isData = allowsData && SecureUrl.IsDataUri(url!);
        if (!isData && !SecureUrl.IsValid(url))
        {
            Add(path, $"must be an absolute https URL{(allowsData ? " or a data URI" : "")} (http is allowed to a loopback address only); it is '{RedactedUrl.Of(url)}'.");
        }
        else if (Rfc3986.IndexOfInvalid(url!) is var invalid and >= 0)
        {
            Add(path, Invariant($"must have only characters that RFC 3986 allows in a URL; U+{(int)url![invalid]:X4} at index {invalid} must be escaped. Adobe's worker sends no event for such a URL."));
        }
        else if (isData && !SecureUrl.HasMediaType(url!))
        {
            Add(path, $"must have a media type between 'data:' and the data, such as 'image/png;base64'; it is '{RedactedUrl.Of(url)}'.");
        }
    }
}

using System.Globalization;

namespace AssetCompute.Client;

/// <summary>The errors found in a request, and the checks that most properties share.</summary>
internal ref struct ProcessRequestErrors
{
    private List<ProcessRequestError>? _errors;

    public readonly IReadOnlyList<ProcessRequestError>? Found => _errors;

    public void Add(string path, string message) => (_errors ??= []).Add(new ProcessRequestError { PropertyPath = path, Message = message });

    public void RequirePositive(long? value, string parent, string property, string unit)
    {
        if (value is <= 0)
        {
            Add(parent + property, Invariant($"must be greater than 0 {unit}; it is {value}."));
        }
    }

    public void RequireRange(long? value, long least, long most, string parent, string property, string unit)
    {
        if (value is { } given && (given < least || given > most))
        {
            Add(parent + property, Invariant($"must be {least} to {most:N0}{unit}; it is {given}."));
        }
    }

    public void RequireSecure(string? url, string parent, string property, bool allowsData = false)
    {
        if (string.IsNullOrEmpty(url))
        {
            Add(parent + property, "is required.");
            return;
        }

        bool isData = allowsData && SecureUrl.IsDataUri(url!);
        if (!isData && !SecureUrl.IsValid(url))
        {
            Add(parent + property, $"must be an absolute https URL{(allowsData ? " or a data URI" : "")} (http is allowed to a loopback address only); it is '{RedactedUrl.Of(url)}'.");
        }
        else if (Rfc3986.IndexOfInvalid(url!) is var invalid and >= 0)
        {
            Add(parent + property, Invariant($"must have only characters that RFC 3986 allows in a URL; U+{(int)url![invalid]:X4} at index {invalid} must be escaped. Adobe's worker sends no event for such a URL."));
        }
        else if (isData && !SecureUrl.HasMediaType(url!))
        {
            Add(parent + property, $"must have a media type between 'data:' and the data, such as 'image/png;base64'; it is '{RedactedUrl.Of(url)}'.");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

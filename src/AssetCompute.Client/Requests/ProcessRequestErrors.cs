using System.Globalization;

namespace AssetCompute.Client;

/// <summary>The errors found in a request, with the checks that most properties share. Nothing is allocated while there is no error.</summary>
internal ref struct ProcessRequestErrors
{
    private List<ProcessRequestError>? _errors;

    public readonly IReadOnlyList<ProcessRequestError>? Found => _errors;

    public void Add(string path, string message) => (_errors ??= []).Add(new ProcessRequestError(path, message));

    public void RequirePositive(long? value, string parent, string property, string unit)
    {
        if (value is <= 0)
        {
            Add(parent + property, Invariant($"must be over 0 {unit}; it is {value}."));
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
        }
        else if (!(allowsData && SecureUrl.IsDataUri(url!)) && !SecureUrl.IsValid(url))
        {
            Add(parent + property, allowsData
                ? $"must be an absolute https URL or a data URI (http is allowed to a loopback address only); it is '{RedactedUrl.Of(url)}'."
                : $"must be an absolute https URL (http is allowed to a loopback address only); it is '{RedactedUrl.Of(url)}'.");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

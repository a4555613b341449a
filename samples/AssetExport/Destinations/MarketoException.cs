using System.Text.Json;

namespace AssetExport;

/// <summary>Marketo refused a call.</summary>
/// <param name="message">Its code and what it says.</param>
/// <param name="innerException">The cause. Default: none.</param>
internal sealed class MarketoException(string message, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>The token is unknown, or has ended.</summary>
    public bool IsTokenRefused { get; init; }

    /// <summary>There is no such file.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>What the <c>errors</c> of an answer mean.</summary>
    public static Exception Of(JsonElement answer)
    {
        (string code, string text) = FirstError(answer);
        string message = $"Marketo refused with {code}: {text}";
        return code switch
        {
            "601" or "602" => new MarketoException(message) { IsTokenRefused = true },
            "610" or "702" => new MarketoException(message) { IsNotFound = true },

            // 100 calls in 20 seconds; 10 calls at once; the quota of a day; and a service that says itself that it is out of order. Other errors may be those of one file.
            "606" => new DestinationBusyException(message, TimeSpan.FromSeconds(20)),
            "615" => new DestinationBusyException(message, TimeSpan.FromSeconds(5)),
            "607" => new DestinationBusyException(message, TimeSpan.FromHours(1)),
            "608" or "713" => new DestinationBusyException(message),
            _ => new MarketoException(message),
        };
    }

    private static (string Code, string Message) FirstError(JsonElement answer)
    {
        if (!answer.TryGetProperty("errors", out JsonElement errors) || errors.ValueKind != JsonValueKind.Array || errors.GetArrayLength() == 0)
        {
            return ("?", "no errors named");
        }

        return (TextOf("code") ?? "?", TextOf("message") ?? "no message");

        string? TextOf(string name) => errors[0].TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
    }
}

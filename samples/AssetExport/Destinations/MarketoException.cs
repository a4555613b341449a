using System.Text.Json;

namespace AssetExport;

/// <summary>Marketo refused a call.</summary>
/// <param name="message">The error code and message from Marketo.</param>
/// <param name="innerException">The cause. Default: none.</param>
internal sealed class MarketoException(string message, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>Whether the token is unknown or has expired.</summary>
    public bool IsTokenRefused { get; init; }

    /// <summary>Whether the file does not exist.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>Converts the <c>errors</c> of a response to an exception.</summary>
    public static Exception Of(JsonElement answer)
    {
        (string code, string text) = FirstError(answer);
        string message = $"Marketo refused with {code}: {text}";
        return code switch
        {
            "601" or "602" => new MarketoException(message) { IsTokenRefused = true },
            "610" or "702" => new MarketoException(message) { IsNotFound = true },

            // 100 calls in 20 seconds; 10 concurrent calls; the daily quota; and a service that reports itself unavailable. Other errors may affect only one file.
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

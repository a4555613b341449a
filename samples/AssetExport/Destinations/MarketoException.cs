namespace AssetExport;

/// <summary>Marketo refused a call.</summary>
internal sealed class MarketoException(string message, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>Whether the token is unknown or has expired.</summary>
    public bool IsTokenRefused { get; init; }

    public bool IsNotFound { get; init; }

    /// <summary>Converts the first of the errors of an answer to an exception.</summary>
    public static Exception Of(MarketoAnswer? answer)
    {
        MarketoAnswer.Error error = answer?.Errors is [{ } first, ..] ? first : new MarketoAnswer.Error();
        string message = $"Marketo refused with {error.Code ?? "?"}: {error.Message ?? "no message"}";
        return error.Code switch
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
}

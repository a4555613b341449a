namespace AssetExport;

/// <summary>Marketo refused a call.</summary>
/// <param name="code">The code of the error: of Marketo's JSON, or the status of the response. Default: none.</param>
internal sealed class MarketoException(string message, string? code = null, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>Whether the token is unknown or has expired.</summary>
    public bool IsTokenRefused => code is "601" or "602" or "401";

    public bool IsServerError => code is ['5', _, _];

    public bool IsNotFound => code is "610" or "702" or "404";

    /// <summary>Converts the first of the errors of an answer to an exception.</summary>
    public static Exception Of(MarketoAnswer answer)
    {
        MarketoAnswer.Error error = answer.Errors is [{ } first, ..] ? first : new MarketoAnswer.Error();
        string message = $"Marketo refused with {error.Code ?? "?"}: {error.Message ?? "no message"}";
        return error.Code switch
        {
            // 100 calls in 20 seconds; 10 concurrent calls; the daily quota; and a service that reports itself unavailable. Other errors may affect only one file.
            "606" => new DestinationBusyException(message, TimeSpan.FromSeconds(20)),
            "615" => new DestinationBusyException(message, TimeSpan.FromSeconds(5)),
            "607" => new DestinationBusyException(message, TimeSpan.FromHours(1)),
            "608" or "713" => new DestinationBusyException(message),
            _ => new MarketoException(message, error.Code),
        };
    }
}

namespace AssetCompute.Client.Http;

/// <summary>The body of a successful response could not be read completely.</summary>
internal sealed class BrokenBodyException(string message, Exception innerException) : IOException(message, innerException);

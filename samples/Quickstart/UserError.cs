namespace Quickstart;

/// <summary>An error that the user of the program can correct. The message says how.</summary>
internal sealed class UserError(string message, Exception? cause = null) : Exception(message, cause);

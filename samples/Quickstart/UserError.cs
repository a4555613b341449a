namespace Quickstart;

/// <summary>Something that the user of the program can put right; the message says what.</summary>
internal sealed class UserError(string message, Exception? cause = null) : Exception(message, cause);

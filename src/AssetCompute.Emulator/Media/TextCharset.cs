namespace AssetCompute.Emulator;

/// <summary>What the <c>file</c> program, which Adobe's worker asks, calls the encoding of a text.</summary>
internal static class TextCharset
{
    public static string Of(ReadOnlySpan<byte> text) => text.ContainsAnyExceptInRange((byte)0, (byte)127) ? "utf-8" : "us-ascii";
}

using System.Text;

namespace AssetCompute.Client.Tests.Fuzzing;

/// <summary>JSON with errors: bytes that are changed, removed, inserted, repeated or cut off, or a value of another type.</summary>
internal static class MutatedJson
{
    private static readonly string[] s_values = ["null", "7", "-1e9", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "{\"a\":1}", "true", "\"\""];

    /// <param name="json">The original JSON, which does not change.</param>
    /// <param name="random">The source of randomness.</param>
    /// <returns>A copy with up to five mutations.</returns>
    public static byte[] Of(ReadOnlySpan<byte> json, Random random)
    {
        List<byte> bytes = [.. json];
        for (int mutations = random.Next(0, 6); mutations > 0 && bytes.Count > 0; mutations--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 30)));
                    break;
                case 2:
                    bytes.Insert(at, "{}[]\",:\\nulltrue0-e. \uFEFF"u8[random.Next(24)]);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 80))));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)"[{9 "[random.Next(4)], random.Next(1, 400)));
                    break;
                case 6:
                    // Half of a surrogate pair is valid in the grammar of JSON, but is not valid text.
                    bytes.InsertRange(at, (random.Next(2) == 0 ? "\\ud800"u8 : "\\udc00"u8).ToArray());
                    break;
                default:
                    ReplaceValue(bytes, at, s_values[random.Next(s_values.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Replaces a value, which keeps the JSON valid more often than changed bytes do.</summary>
    private static void ReplaceValue(List<byte> bytes, int at, string value)
    {
        int colon = bytes.IndexOf((byte)':', at);
        int end = colon < 0 ? -1 : bytes.FindIndex(colon, static value => value is (byte)',' or (byte)'}');
        if (end > colon)
        {
            bytes.RemoveRange(colon + 1, end - colon - 1);
            bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(value));
        }
    }
}

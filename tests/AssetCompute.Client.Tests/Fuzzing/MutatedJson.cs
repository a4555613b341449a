using System.Text;

namespace AssetCompute.Client.Tests.Fuzzing;

/// <summary>JSON with something wrong in it: bytes changed, lost, put in, repeated or cut off, or a value of another kind.</summary>
internal static class MutatedJson
{
    private static readonly string[] s_values = ["null", "7", "-1e9", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "{\"a\":1}", "true", "\"\""];

    /// <param name="json">What it begins as; it is left as it is.</param>
    /// <param name="random">Decides on all.</param>
    /// <returns>The same, with up to five mutations.</returns>
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
                    // Half a surrogate pair: JSON by its grammar, and no text.
                    bytes.InsertRange(at, (random.Next(2) == 0 ? "\\ud800"u8 : "\\udc00"u8).ToArray());
                    break;
                default:
                    ReplaceValue(bytes, at, s_values[random.Next(s_values.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Keeps the JSON whole more often than changed bytes do.</summary>
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

namespace AssetCompute.Client.Journal;

/// <summary>Finds a target in <c>Link</c> headers (RFC 8288): several headers, one header with commas, parameters in any order and case.</summary>
internal static class LinkHeader
{
    public static string? Find(IEnumerable<string> headers, string relation)
    {
        foreach (string header in headers)
        {
            if (Find(header.AsSpan(), relation.AsSpan()) is { } target)
            {
                return target;
            }
        }

        return null;
    }

    private static string? Find(ReadOnlySpan<char> header, ReadOnlySpan<char> relation)
    {
        while (true)
        {
            int open = header.IndexOf('<');
            if (open < 0)
            {
                return null;
            }

            header = header.Slice(open + 1);
            int close = header.IndexOf('>');
            if (close < 0)
            {
                return null;
            }

            ReadOnlySpan<char> target = header.Slice(0, close);
            header = header.Slice(close + 1);
            if (ReadParameters(ref header, relation))
            {
                return target.Trim().ToString();
            }
        }
    }

    /// <summary>Reads the parameters of one link, up to the comma that ends it, and says whether it has the relation.</summary>
    private static bool ReadParameters(ref ReadOnlySpan<char> header, ReadOnlySpan<char> relation)
    {
        bool found = false;
        while (true)
        {
            header = header.TrimStart();
            if (header.IsEmpty || header[0] != ';')
            {
                return found;
            }

            header = header.Slice(1).TrimStart();
            int end = header.IndexOfAny('=', ';', ',');
            if (end < 0 || header[end] != '=')
            {
                header = end < 0 ? default : header.Slice(end);
                continue;
            }

            ReadOnlySpan<char> name = header.Slice(0, end).Trim();
            header = header.Slice(end + 1).TrimStart();
            ReadOnlySpan<char> value = ReadValue(ref header);
            found |= name.Equals("rel".AsSpan(), StringComparison.OrdinalIgnoreCase) && HasWord(value, relation);
        }
    }

    private static ReadOnlySpan<char> ReadValue(ref ReadOnlySpan<char> header)
    {
        bool quoted = !header.IsEmpty && header[0] == '"';
        ReadOnlySpan<char> rest = quoted ? header.Slice(1) : header;
        int end = quoted ? rest.IndexOf('"') : rest.IndexOfAny(';', ',');
        ReadOnlySpan<char> value = end < 0 ? rest : rest.Slice(0, end);
        header = end < 0 ? default : rest.Slice(quoted ? end + 1 : end);
        return value;
    }

    private static bool HasWord(ReadOnlySpan<char> words, ReadOnlySpan<char> word)
    {
        while (!words.IsEmpty)
        {
            words = words.Trim();
            int end = words.IndexOf(' ');
            ReadOnlySpan<char> first = end < 0 ? words : words.Slice(0, end);
            if (first.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            words = end < 0 ? default : words.Slice(end + 1);
        }

        return false;
    }
}

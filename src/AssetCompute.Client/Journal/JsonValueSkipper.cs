namespace AssetCompute.Client.Journal;

/// <summary>Finds the end of one JSON value in bytes that arrive in pieces, without keeping or checking them.</summary>
internal struct JsonValueSkipper
{
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;

    /// <returns>The index after the value; -1 when it does not end in these bytes.</returns>
    public int Skip(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            byte value = bytes[i];
            if (_isInString)
            {
                _isInString = _isEscaped || value != '"';
                _isEscaped = !_isEscaped && value == '\\';
                if (!_isInString && _depth == 0)
                {
                    return i + 1;
                }
            }
            else if (value == '"')
            {
                _isInString = true;
            }
            else if (value is (byte)'{' or (byte)'[')
            {
                _depth++;
            }
            else if (_depth == 0 && value == ',')
            {
                return i;
            }
            else if (value is (byte)'}' or (byte)']')
            {
                // A number ends where its surroundings do.
                if (_depth == 0)
                {
                    return i;
                }

                if (--_depth == 0)
                {
                    return i + 1;
                }
            }
        }

        return -1;
    }
}

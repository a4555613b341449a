using System.Buffers.Binary;

namespace AssetCompute.Emulator.Rendering;

/// <summary>Detects truncated SGI files. ImageMagick fills the missing end with black, without a warning.</summary>
internal static class SgiFile
{
    private const int HeaderBytes = 512;

    public static bool IsCutOff(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderBytes)
        {
            return true;
        }

        var rows = (long)BinaryPrimitives.ReadUInt16BigEndian(file[8..]) * BinaryPrimitives.ReadUInt16BigEndian(file[10..]);
        var isPacked = file[2] == 1;
        if (!isPacked)
        {
            return file.Length < HeaderBytes + rows * BinaryPrimitives.ReadUInt16BigEndian(file[6..]) * file[3];
        }

        // Two tables: the start of each compressed row, and its length.
        if (file.Length < HeaderBytes + 8 * rows)
        {
            return true;
        }

        for (var row = 0; row < rows; row++)
        {
            var start = BinaryPrimitives.ReadUInt32BigEndian(file[(HeaderBytes + 4 * row)..]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[(int)(HeaderBytes + 4 * (rows + row))..]);
            if (file.Length < (long)start + length)
            {
                return true;
            }
        }

        return false;
    }
}

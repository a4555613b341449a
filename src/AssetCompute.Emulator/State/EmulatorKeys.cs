using System.Security.Cryptography;

namespace AssetCompute.Emulator;

/// <summary>The secrets that sign tokens, URLs and positions. With a data folder, they are kept as long as the data that they signed.</summary>
internal sealed record EmulatorKeys(byte[] Tokens, byte[] Urls, byte[] Positions)
{
    private const int Length = 32;

    public static EmulatorKeys New() => Of(RandomNumberGenerator.GetBytes(3 * Length));

    public static EmulatorKeys In(string folder)
    {
        var path = Path.Combine(folder, "keys");
        if (File.Exists(path))
        {
            // New keys would invalidate everything that was signed before.
            return File.ReadAllBytes(path) is { Length: 3 * Length } kept
                ? Of(kept)
                : throw DataFolder.OfAnotherVersion(folder, new InvalidDataException("The file 'keys' has another length."));
        }

        var bytes = RandomNumberGenerator.GetBytes(3 * Length);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path + ".next", options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".next", path, overwrite: true);
        return Of(bytes);
    }

    private static EmulatorKeys Of(byte[] bytes) => new(bytes[..Length], bytes[Length..(2 * Length)], bytes[(2 * Length)..]);
}

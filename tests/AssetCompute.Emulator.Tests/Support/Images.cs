using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ImageMagick;

namespace AssetCompute.Emulator.Tests;

/// <summary>Creates the images that tests send, and reads the renditions that they receive.</summary>
internal static class Images
{
    /// <summary>The color of one pixel, as <c>#RRGGBBAA</c>.</summary>
    public static string ColorAt(this MagickImage image, int x, int y) => image.GetPixels().GetPixel(x, y).ToColor()!.ToHexString().PadRight(9, 'F');

    public static MagickImage Photo(string name) => new(TestFiles.Photo(name));

    /// <summary>A photo at a small size, in the given format.</summary>
    public static byte[] Small(string name, uint width, MagickFormat format = MagickFormat.Jpeg)
    {
        using var image = Photo(name);
        image.Resize(width, 0);
        return image.ToByteArray(format);
    }

    /// <summary>A single-color image.</summary>
    public static byte[] Plain(string color, uint width, uint height, MagickFormat format = MagickFormat.Png)
    {
        using var image = new MagickImage(new MagickColor(color), width, height);
        return image.ToByteArray(format);
    }

    public static async Task<MagickImage> ReadAsync(AssetComputeEmulator emulator, string name) =>
        new((await emulator.Storage.GetAsync(name, TestContext.Current.CancellationToken))!.Content.Span);

    /// <summary>The format, width, and height, such as <c>Png 120x180</c>.</summary>
    public static string Describe(this MagickImage image) => $"{image.Format} {image.Width}x{image.Height}";

    /// <summary>The native library is already next to the tests, in the folder of the render worker.</summary>
    [ModuleInitializer]
    internal static void LoadNativeLibrary() =>
        NativeLibrary.SetDllImportResolver(typeof(MagickImage).Assembly, static (name, _, _) =>
            Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "asset-compute-worker"), $"{name}*", SearchOption.AllDirectories) is [var path, ..]
                ? NativeLibrary.Load(path)
                : 0);
}

namespace AssetCompute.Emulator;

/// <summary>
/// A policy file of our own for ImageMagick: it may read and write pictures, and nothing else. No delegate programs, no network,
/// no files named inside files, whatever the machine's own policy allows.
/// </summary>
internal static class ImageMagickPolicy
{
    private const string Policy = """
        <?xml version="1.0" encoding="UTF-8"?>
        <policymap>
          <policy domain="delegate" rights="none" pattern="*"/>
          <policy domain="filter" rights="none" pattern="*"/>
          <policy domain="path" rights="none" pattern="@*"/>
          <policy domain="coder" rights="none" pattern="*"/>
          <policy domain="coder" rights="read | write" pattern="{PNG,JPEG,JPG,GIF,TIFF,TIF,WEBP,BMP,PSD,SVG,MSVG,MVG,XC}"/>
        </policymap>
        """;

    private const string FileName = "policy.xml";

    public static DirectoryInfo Write()
    {
        var folder = Directory.CreateTempSubdirectory("asset-compute-policy-");
        File.WriteAllText(Path.Combine(folder.FullName, FileName), Policy);
        return folder;
    }

    public static bool IsIn(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, FileName));
}

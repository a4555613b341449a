using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// A resolution in dots per inch, one value for each direction.
/// </summary>
/// <remarks>
/// Source: "dpi" and "convertToDpi" in the rendition instructions of the API page. Equal values are written as one number, different ones
/// as <c>{ "xdpi": …, "ydpi": … }</c>, and both forms are read.
/// </remarks>
[JsonConverter(typeof(DpiJsonConverter))]
public readonly record struct Dpi
{
    /// <summary>One resolution for both directions.</summary>
    /// <param name="dpi">Dots per inch, over 0.</param>
    public Dpi(double dpi)
        : this(dpi, dpi)
    {
    }

    /// <summary>A resolution for each direction.</summary>
    /// <param name="x">Dots per inch from left to right, over 0.</param>
    /// <param name="y">Dots per inch from top to bottom, over 0.</param>
    public Dpi(double x, double y)
    {
        X = x;
        Y = y;
    }

    /// <summary>Dots per inch from left to right.</summary>
    public double X { get; }

    /// <summary>Dots per inch from top to bottom.</summary>
    public double Y { get; }

    /// <summary>One resolution for both directions.</summary>
    /// <param name="dpi">Dots per inch, over 0.</param>
    public static implicit operator Dpi(double dpi) => new(dpi);

    /// <summary>One resolution for both directions.</summary>
    /// <param name="dpi">Dots per inch, over 0.</param>
    public static Dpi FromDouble(double dpi) => new(dpi);
}

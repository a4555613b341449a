using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// A resolution in dots per inch, one value for each direction.
/// </summary>
/// <remarks>
/// Source: "dpi" and "convertToDpi" in the rendition instructions of the API page. Equal values are written as one number, different values
/// as <c>{ "xdpi": …, "ydpi": … }</c>; both forms are read.
/// </remarks>
[JsonConverter(typeof(DpiJsonConverter))]
public readonly record struct Dpi
{
    /// <summary>Creates a resolution that is the same in both directions.</summary>
    /// <param name="dpi">Dots per inch, greater than 0.</param>
    public Dpi(double dpi)
        : this(dpi, dpi)
    {
    }

    /// <summary>Creates a resolution with one value for each direction.</summary>
    /// <param name="x">Horizontal dots per inch, greater than 0.</param>
    /// <param name="y">Vertical dots per inch, greater than 0.</param>
    public Dpi(double x, double y)
    {
        X = x;
        Y = y;
    }

    /// <summary>Horizontal dots per inch.</summary>
    public double X { get; }

    /// <summary>Vertical dots per inch.</summary>
    public double Y { get; }

    /// <summary>Creates a resolution that is the same in both directions.</summary>
    /// <param name="dpi">Dots per inch, greater than 0.</param>
    public static implicit operator Dpi(double dpi) => new(dpi);
}

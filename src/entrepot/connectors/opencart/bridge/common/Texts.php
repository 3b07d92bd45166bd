<?php
namespace OmsBridge;

/** The words of the merchant's page: English underneath, the admin's language on top where we have it. */
class Texts
{
    private $words;

    public function __construct($language)
    {
        $this->words = self::read('en-gb');
        if (substr(strtolower((string)$language), 0, 2) === 'ko') {
            $this->words = self::read('ko-kr') + $this->words;
        }
    }

    public function all()
    {
        return $this->words;
    }

    public function get($key, $words = array())
    {
        $text = isset($this->words[$key]) ? $this->words[$key] : $key;
        return vsprintf($text, array_pad($words, 4, ''));
    }

    public function has($key)
    {
        return isset($this->words[$key]);
    }

    private static function read($code)
    {
        $_ = array();
        require __DIR__ . '/language/' . $code . '.php';
        return $_;
    }
}

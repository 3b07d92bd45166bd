<?php
require_once DIR_SYSTEM . 'library/oms_bridge/autoload.php';

/** The admin's events. */
class ControllerExtensionOmsBridgeEvent extends Controller
{
    public function productAdded($route = '', $args = array(), $output = null)
    {
        $this->heard('productAdded', $args, $output);
    }

    public function productSaved($route = '', $args = array(), $output = null)
    {
        $this->heard('productSaved', $args, $output);
    }

    public function productCopied($route = '', $args = array(), $output = null)
    {
        $this->heard('productCopied', $args, $output);
    }

    public function productDeleted($route = '', $args = array(), $output = null)
    {
        $this->heard('productDeleted', $args, $output);
    }

    private function heard($what, $args, $output)
    {
        $events = new \OmsBridge\Events(new \OmsBridge\Bridge(new \OmsBridge\LineShop($this->registry)));
        $events->heard($what, $args, $output);
    }
}
